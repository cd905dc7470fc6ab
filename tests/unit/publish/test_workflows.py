"""The workflows: pinned, without more rights than they need, and unable to publish what is red."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

WORKFLOWS = Path(__file__).parents[3] / ".github" / "workflows"
NAMES = ("check", "publish", "nightly")


def load(name: str) -> dict:
    """A workflow as data."""
    return yaml.safe_load((WORKFLOWS / f"{name}.yml").read_text(encoding="utf-8"))


def steps(workflow: dict) -> list[dict]:
    """Every step of every job."""
    return [step for job in workflow["jobs"].values() for step in job.get("steps", ())]


@pytest.mark.parametrize("name", NAMES)
def test_every_action_is_pinned_by_its_full_hash_with_its_version_beside_it(name: str) -> None:
    text = (WORKFLOWS / f"{name}.yml").read_text(encoding="utf-8")
    used = re.findall(r"uses: (\S+)(.*)", text)
    assert used
    for action, comment in used:
        if not action.startswith(("./", "$/")):
            assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", action), action
            assert re.fullmatch(r" # v\d+\.\d+\.\d+", comment), action


@pytest.mark.parametrize("name", NAMES)
def test_rights_are_given_to_jobs_one_by_one_and_no_run_goes_on_for_ever(name: str) -> None:
    workflow = load(name)
    assert workflow["permissions"] == {}
    for job in workflow["jobs"].values():
        assert job["permissions"]["contents"] == "read"
        assert "uses" in job or job["timeout-minutes"] <= 60
    writing = {
        right for job in workflow["jobs"].values() for right, level in job["permissions"].items() if level == "write"
    }
    assert writing == {"check": set(), "publish": {"id-token"}, "nightly": {"issues"}}[name]


@pytest.mark.parametrize("name", NAMES)
def test_no_workflow_takes_text_of_others_into_a_script_or_keeps_its_login(name: str) -> None:
    for step in steps(load(name)):
        assert "${{" not in step.get("run", "")
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False


def test_pull_requests_from_forks_are_checked_without_secrets() -> None:
    text = (WORKFLOWS / "check.yml").read_text(encoding="utf-8")
    assert "secrets." not in text
    assert "pull_request_target" not in text
    assert "python3 tasks.py test" in text


def test_nothing_is_published_unless_all_checks_and_the_build_were_green() -> None:
    jobs = load("publish")["jobs"]
    assert set(jobs["publish"]["needs"]) == {"check", "build"}
    # the one condition is that there is a target; it cannot make a red job green, as `needs` still holds
    assert {name: job["if"] for name, job in jobs.items() if "if" in job} == {"publish": "vars.PUBLISH_TARGET != ''"}
    assert not any(job.get("continue-on-error") for job in jobs.values())
    assert not any(step.get("continue-on-error") or "||" in step.get("run", "") for step in steps(load("publish")))
    assert jobs["publish"]["environment"]["name"] == "production"


def test_what_is_published_are_the_bytes_that_were_built_with_what_was_found_out_about_them() -> None:
    jobs = load("publish")["jobs"]
    build, publish = ("\n".join(step.get("run", "") for step in jobs[name]["steps"]) for name in ("build", "publish"))
    assert build.index("tasks.py build --publish") < build.index("sitekit.handover") < build.index("tar ")
    assert "output .cache/handover" in build
    assert publish.index("sha256sum --check") < publish.index("tar ") < publish.index("tasks.py publish --prepared")
    assert "tasks.py build" not in publish
    assert "tasks.py publish --collect" in publish
    login = next(
        n for n, step in enumerate(jobs["publish"]["steps"]) if "configure-aws-credentials" in step.get("uses", "")
    )
    installed = next(
        n for n, step in enumerate(jobs["publish"]["steps"]) if "ensure_environment" in step.get("run", "")
    )
    assert installed < login


def test_publications_run_one_at_a_time_and_are_never_cut_off() -> None:
    assert load("publish")["concurrency"] == {"group": "publish", "cancel-in-progress": False}


def test_findings_of_the_checks_become_annotations() -> None:
    matchers = json.loads((WORKFLOWS / "problem-matcher.json").read_text(encoding="utf-8"))["problemMatcher"]
    patterns = {matcher["severity"]: matcher["pattern"][0] for matcher in matchers}
    lines = {
        "error": "content/articles/mind/a.md:12:3: link-broken: there is no such page",
        "warning": "content/articles/mind/a.md:12:3: warning: review-overdue: was due",
    }
    for severity, line in lines.items():
        for other, pattern in patterns.items():
            found = re.match(pattern["regexp"], line)
            assert bool(found) == (severity == other)
            if found:
                assert found[pattern["file"]] == "content/articles/mind/a.md"
                assert (found[pattern["line"]], found[pattern["column"]]) == ("12", "3")


def test_zizmor_finds_nothing() -> None:
    zizmor = shutil.which("zizmor", path=os.path.dirname(sys.executable))
    done = subprocess.run([zizmor, "--offline", str(WORKFLOWS)], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout
