"""What templates receive: plain, explicit values, built once in Python.

A page is a function of its view. Nothing here knows Pelican, so a view can be built in a test, compared, hashed or stored.
URLs are root-relative and carry the deployment prefix (``site.base``) already; HTML is ready to print with ``|safe``.
"""

from __future__ import annotations

from dataclasses import field

from sitekit.records import record


@record()
class Link:
    """A place to go: breadcrumbs, navigation, previous and next."""

    title: str
    url: str
    description: str = ""


@record()
class Phone:
    """One way to reach a resource by phone or text. ``href`` is a ``tel:`` or ``sms:`` URL, ``label`` what a reader sees."""

    label: str
    href: str


@record()
class Resource:
    """A verified service from content/data/resources.yaml. ``checked`` is an ISO date."""

    id: str
    name: str
    kind: str
    scope: str
    who: str
    hours: str
    languages: str
    url: str
    phones: tuple[Phone, ...]
    note: str
    checked: str
    checked_words: str


@record()
class Heading:
    """An entry of the contents list. ``time`` says in words how long its section takes to read."""

    id: str
    title: str
    time: str


@record()
class Reference:
    """A numbered source at the foot of a page. ``cited_from`` holds the ids of the marks in the text that cite it."""

    number: int
    key: str
    authors: str
    title: str
    container: str
    year: str
    url: str
    url_label: str
    cited_from: tuple[str, ...]


@record()
class GlossaryEntry:
    """A term on the glossary page; ``id`` is its fragment there."""

    id: str
    term: str
    aliases: tuple[str, ...]
    definition: str
    see_also: tuple[Link, ...]


@record()
class GlossaryLetter:
    """The terms with one first letter."""

    letter: str
    id: str
    entries: tuple[GlossaryEntry, ...]


@record()
class CitedSource:
    """A source and every page that cites it."""

    key: str
    authors: str
    title: str
    container: str
    year: str
    url: str
    url_label: str
    cited_by: tuple[Link, ...]


@record()
class ResourceGroup:
    """Resources of one kind that can be used in the same place."""

    title: str
    id: str
    resources: tuple[Resource, ...]


@record()
class ResourceKind:
    """Resources for one purpose."""

    title: str
    id: str
    groups: tuple[ResourceGroup, ...]


@record()
class InstrumentScore:
    """What a page scores on one instrument, by our own judgment: ``result`` in words, such as ``75 of 80``."""

    name: str
    result: str


@record()
class Scores:
    """The measures of one page. Grades are US school grades; ``raw`` counts names of treatments at their full length."""

    grade: float
    raw_grade: float
    mean_sentence: float
    scored_words: str
    instruments: tuple[InstrumentScore, ...]


@record()
class Dates:
    """The dates of a page, ISO and in words."""

    published: str
    published_words: str
    modified: str
    modified_words: str
    evidence_searched: str
    evidence_searched_words: str
    next_review: str
    next_review_words: str


@record()
class Topic:
    """A section of the site."""

    slug: str
    title: str
    description: str
    url: str


@record()
class Page:
    """Everything one page shows.

    ``kind`` names the template: ``home``, ``topic``, ``article``, ``page`` or ``error``. ``type`` is the editor's word for an
    article (overview, condition, treatment, guide, reference) and empty elsewhere. ``key_points`` and ``short`` are HTML taken
    out of the body. ``place`` is that of an article in the reading order of its topic, from 1, and ``places`` how many there are. An
    absent part is an empty string or an empty tuple, and the template shows nothing for it. ``data`` is
    what a page made from data lists: ``GlossaryLetter``, ``CitedSource`` or ``ResourceKind``.
    """

    kind: str
    title: str
    description: str
    url: str
    canonical: str
    body: str = ""
    type: str = ""
    template: str = ""
    topic: str = ""
    helps: str = ""
    main_message: str = ""
    key_points: str = ""
    short: str = ""
    breadcrumbs: tuple[Link, ...] = ()
    contents: tuple[Heading, ...] = ()
    references: tuple[Reference, ...] = ()
    dates: Dates | None = None
    reviewed_by: str = ""
    minutes: int = 0
    words: int = 0
    grade: float | None = None
    scores: Scores | None = None
    previous: Link | None = None
    next: Link | None = None
    place: int = 0
    places: int = 0
    related: tuple[Link, ...] = ()
    articles: tuple[Link, ...] = ()
    data: tuple[GlossaryLetter, ...] | tuple[CitedSource, ...] | tuple[ResourceKind, ...] = ()
    indexable: bool = True
    draft: bool = False
    social_image: str = ""
    json_ld: str = ""


@record()
class Site:
    """What every page of one build shares."""

    name: str
    tagline: str
    description: str
    language: str
    url: str
    base: str
    topics: tuple[Topic, ...]
    crisis: dict[str, Resource]
    starts: tuple[Link, ...]
    footer: tuple[Link, ...]
    assets: dict[str, str] = field(default_factory=dict)
    feeds: tuple[Link, ...] = ()
    contact: str = ""
