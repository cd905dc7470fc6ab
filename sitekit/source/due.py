"""What must be looked at again from time to time: phone numbers against their sources, pages against the evidence.

What is overdue is advice while somebody writes. When the site goes out, a number that nobody has compared for too long stops it,
and so does a page whose review is overdue for longer than a grace period.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from sitekit.problems import Problem
from sitekit.records import record
from sitekit.source.documents import Document

CHECK_DAYS = {"crisis": 90, "helpline": 180, "finder": 365, "license": 365}
"""Days for which a comparison with the source counts, by the kind of resource; fewer where a wrong number does more harm."""

MOST_CHECK_DAYS = 365
GRACE_DAYS = 90
"""Days for which a page may still go out after its review was due."""

MOST_REVIEW_DAYS = 366
"""A page is read again once a year, so its next review is no further away than that."""


@record()
class Check:
    """When a resource was compared with its source: ``line`` of the data file says so, and it counts for ``days``."""

    id: str
    line: int
    checked: datetime.date
    days: int


def check_resources(path: str, checks: Iterable[Check], today: datetime.date, publishing: bool) -> list[Problem]:
    """A problem for each resource whose check no longer counts on ``today``: an error when publishing, else a warning."""
    problems = []
    for check in checks:
        age = (today - check.checked).days
        if age > check.days:
            message = (
                f"{check.id} was last checked on {check.checked}, {age} days ago; a check counts for {check.days}."
            )
            hint = "Compare it with its source, correct what has changed, and write the day as checked."
            severity = "error" if publishing else "warning"
            problems.append(Problem(path, check.line, 1, "resource-overdue", message, hint, severity))
    return problems


def check_reviews(documents: Iterable[Document], today: datetime.date, publishing: bool) -> list[Problem]:
    """A warning for each page whose review is overdue on ``today``; after GRACE_DAYS an error when publishing. Not for drafts.

    A review that is more than MOST_REVIEW_DAYS away is a warning, too. It counts from today, since a review need not change the text, or
    from the day on which the page comes out.
    """
    problems = []
    for document in documents:
        due = document.values.get("next_review")
        late = (today - due).days if due else 0
        if (
            due
            and not document.draft
            and (due - max(today, document.values.get("published", today))).days > MOST_REVIEW_DAYS
        ):
            message = f"The next review is on {due}, more than a year away."
            hint = "Set next_review to a year from now at most."
            problems.append(
                Problem(document.path, *document.front.at("next_review"), "review-too-late", message, hint, "warning")
            )
        if late > 0 and not document.draft:
            message = f"The review was due on {due}, {late} day{'s' if late != 1 else ''} ago."
            hint = "Read the page and its sources again, correct it, and set next_review to the next day of that kind."
            if late <= GRACE_DAYS:
                hint += f" From {due + datetime.timedelta(days=GRACE_DAYS + 1)} on, the site does not go out with it."
            severity = "error" if publishing and late > GRACE_DAYS else "warning"
            problems.append(
                Problem(document.path, *document.front.at("next_review"), "review-overdue", message, hint, severity)
            )
    return problems
