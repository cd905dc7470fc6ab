"""The front door. ``python3 tasks.py build`` on a fresh machine; ``invoke build`` inside the environment.

Run by a Python without Invoke, this file first makes the environment ``.venv`` from the hash-locked requirements and then
starts itself again inside it. Nothing heavy is imported at the top, so a task starts at once.
"""

from __future__ import annotations

import hashlib
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
REQUIREMENTS = {purpose: ROOT / "requirements" / f"{purpose}.txt" for purpose in ("build", "publish", "test")}
TEST_TASKS = {"test", "check-code"}
PATH_TASKS = {"check", "fix"}


def main(arguments: list[str]) -> int:
    """Make the environment if needed, then run the tasks in it. Returns the exit status."""
    if sys.version_info < (3, 11):
        print(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.", file=sys.stderr)
        return 2
    tasks = [argument for argument in arguments if not argument.startswith("-")]
    try:
        ensure_environment("test" if TEST_TASKS & set(tasks) else "build")
    except subprocess.CalledProcessError as error:
        print(f"The environment could not be made: {' '.join(map(str, error.cmd))} failed.", file=sys.stderr)
        return 1
    if is_build_alone(arguments):
        command = [str(VENV_PYTHON), "-m", "sitekit.build", *arguments[1:]]
    else:
        command = [
            str(VENV_PYTHON),
            "-m",
            "invoke",
            "--search-root",
            str(ROOT),
            *(named_paths(arguments) or ["--list"]),
        ]
    if os.name == "nt":
        return subprocess.run(command, cwd=ROOT).returncode
    os.chdir(ROOT)
    os.execv(command[0], command)


def is_build_alone(arguments: list[str]) -> bool:
    """Whether ``build`` is all that is asked for: the one task that needs no Invoke, which takes as long to start as a small build."""
    rest = iter(arguments[1:])
    known = all(
        argument in ("-p", "--publish")
        or argument.startswith("--output=")
        or bool(argument in ("-o", "--output") and next(rest, ""))
        for argument in rest
    )
    return known and arguments[:1] == ["build"]


def named_paths(arguments: list[str]) -> list[str]:
    """``check a.md b.md`` as ``check --path a.md --path b.md``, because an Invoke task takes no list of bare arguments."""
    given: list[str] = []
    paths = False
    for argument in arguments:
        bare = not argument.startswith("-") and given[-1:] not in (["--path"], ["-p"])
        if paths and bare and ("/" in argument or os.sep in argument or Path(argument).exists()):
            given.append("--path")
        elif bare:
            paths = argument in PATH_TASKS
        given.append(argument)
    return given


def ensure_environment(purpose: str) -> None:
    """Install the locked requirements for ``build`` or ``test`` unless exactly those are installed already."""
    stamp = VENV / f"{purpose}.stamp"
    wanted = environment_stamp(purpose)
    if VENV_PYTHON.exists() and stamp.exists() and stamp.read_text() == wanted:
        return
    if not VENV_PYTHON.exists() or not _has_pip():
        print("Making the environment in .venv …", flush=True)
        _make_venv()
    print(f"Installing what a {purpose} needs (hash-checked) …", flush=True)
    quiet = ["--quiet", "--disable-pip-version-check", "--no-input"]
    install = [VENV_PYTHON, "-m", "pip", "install", *quiet, "--require-hashes", "-r", REQUIREMENTS[purpose]]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(install, env=environment, stderr=subprocess.PIPE, text=True)
    if done.returncode:
        print(done.stderr, file=sys.stderr)
        done.check_returncode()
    site_packages = subprocess.run(
        [VENV_PYTHON, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
    # The same as an editable install, without a build step: the plain `pelican` and `pytest` find sitekit.
    Path(site_packages, "untangled.pth").write_text(f"{ROOT}\n")
    _write(stamp, wanted)


def environment_stamp(purpose: str) -> str:
    """What tells one environment from another: Python, the locked requirements, and the project it belongs to."""
    return f"{sys.version_info[:2]} {hashlib.sha256(REQUIREMENTS[purpose].read_bytes()).hexdigest()} {ROOT}"


def _has_pip() -> bool:
    return subprocess.run([VENV_PYTHON, "-m", "pip", "--version"], capture_output=True).returncode == 0


def _make_venv() -> None:
    shutil.rmtree(VENV, ignore_errors=True)
    if subprocess.run([sys.executable, "-m", "venv", VENV], capture_output=True).returncode == 0:
        return
    package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        apt_install(package)
        subprocess.run([sys.executable, "-m", "venv", VENV], check=True)
        return
    print(f"This Python has no venv module. Install it, for example: sudo apt-get install {package}", file=sys.stderr)
    raise SystemExit(1)


def apt_install(*packages: str) -> None:
    """Install Debian packages; root only. Raises CalledProcessError when apt fails."""
    print(f"Installing {', '.join(packages)} from Debian …", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *packages]):
        subprocess.run(["apt-get", *command], check=True, env=environment, stdout=subprocess.DEVNULL)


def _write(path: Path, text: str) -> None:
    part = path.with_suffix(".part")
    part.write_text(text)
    os.replace(part, path)


if __name__ != "__main__":  # loaded by Invoke, which takes as long to import as a small build
    from invoke import Context, Exit, task

    @task(help={"publish": "Build what goes out: without drafts.", "output": "The folder to build into."})
    def build(context: Context, publish: bool = False, output: str = "output") -> None:
        """Build the site into output/, with every source and every link checked."""
        from sitekit.build import build as build_site

        if status := build_site(publish, output):
            raise Exit(code=status)

    _PATH = "Only this file or folder; may be given again."

    @task(
        iterable=["path"],
        help={
            "path": _PATH,
            "errors_only": "No advice.",
            "fix": "Mend what is certain, and show the diff.",
            "dry_run": "With --fix: change nothing.",
        },
    )
    def check(
        context: Context, path: list[str], errors_only: bool = False, fix: bool = False, dry_run: bool = False
    ) -> None:
        """Check every source file and print what is wrong, without building."""
        from sitekit.check import main as check_sources

        flags = {"--errors-only": errors_only, "--fix": fix, "--dry-run": dry_run}
        raise Exit(code=check_sources([*path, *(flag for flag, on in flags.items() if on)]))

    @task(
        positional=["folder"],
        help={"folder": "A built site.", "format": "text or json.", "external": "Ask other sites too."},
    )
    def links(context: Context, folder: str = "output", format: str = "text", external: bool = False) -> None:
        """Check every link of a built site."""
        address = os.environ.get("SITE_URL", "https://untangled.example").rstrip("/") + "/"
        arguments = [folder, "--base-url", address, "--format", format, "--source", "content"]
        if external:
            ensure_environment("publish")
            _module("sitekit.links", shlex.join([*arguments, "--external"]))
        from sitekit.links.cli import main as check_links

        raise Exit(code=check_links(arguments))

    @task
    def ledger(context: Context) -> None:
        """Add the addresses of output/, built with --publish, to the ledger of all that was ever published."""
        from sitekit.handover import build_problems
        from sitekit.links.files import write_atomic
        from sitekit.links.ledger import Ledger, published
        from sitekit.problems import errors, format_text

        cache = Path(os.environ.get("SITE_CACHE") or ROOT / ".cache")
        if wrong := errors(build_problems(ROOT, ROOT / "output", cache)):
            print(format_text(wrong), file=sys.stderr)
            raise Exit(code=1)
        file = ROOT / "content" / "data" / "urls.txt"
        former, _ = Ledger.parse(file.read_text(encoding="utf-8") if file.exists() else "")
        addresses = published(ROOT / "output")
        new = former.new(addresses)
        if new:
            write_atomic(file, former.with_new(addresses).as_text().encode())
        print(f"{len(new)} new addresses; {len(former.lines) + len(new)} are promised in {file.relative_to(ROOT)}.")

    @task(help={"port": "The port to listen on, on this machine only."})
    def serve(context: Context, port: str = "8000") -> None:
        """Show the site at http://127.0.0.1:8000/ and follow every edit."""
        if not (port.isascii() and port.isdecimal() and len(port) < 6 and int(port) < 65_536):
            print(f"--port is {port!r}; write a number up to 65535, or leave it out for 8000.", file=sys.stderr)
            raise Exit(code=2)
        from sitekit.preview.live import serve as preview

        raise Exit(code=preview(ROOT, int(port)))

    def _module(name: str, arguments: str) -> None:
        """Run a command of the project in the environment; its exit status becomes ours."""
        command = [str(VENV_PYTHON), "-m", name, *shlex.split(arguments)]
        raise Exit(code=subprocess.run(command, cwd=ROOT).returncode)

    @task(
        help={
            "type": "overview, condition, …",
            "topic": "The folder.",
            "title": "In words readers use.",
            "slug": "The last part of the address; made from the title if left out.",
        }
    )
    def new(context: Context, type: str = "", topic: str = "", title: str = "", slug: str = "") -> None:
        """Start an article: asks for type, topic and title, or takes them."""
        chosen = {"--type": type, "--topic": topic, "--title": title, "--slug": slug}
        _module("sitekit.editing.new", shlex.join(part for pair in chosen.items() if pair[1] for part in pair))

    @task(positional=["old", "to"], help={"old": "For example mind/insomnia-and-pain.", "to": "Its new name."})
    def rename(context: Context, old: str, to: str, yes: bool = False, dry_run: bool = False) -> None:
        """Move an article, with every link to it, its redirect and its promised address."""
        flags = [flag for flag, on in (("--yes", yes), ("--dry-run", dry_run)) if on]
        _module("sitekit.editing.rename", shlex.join([old, to, *flags]))

    @task(iterable=["path"], help={"path": _PATH, "dry_run": "Show the diff and change nothing."})
    def fix(context: Context, path: list[str], dry_run: bool = False) -> None:
        """Mend what is certain in the sources, and show the diff: check --fix."""
        _module("sitekit.check", shlex.join([*path, "--fix", *(["--dry-run"] if dry_run else [])]))

    @task
    def report(context: Context) -> None:
        """Make one page on every article: status, reviews due, readability, sources, links."""
        _module("sitekit.report", "")

    @task(
        help={
            "folder": "A built site; left out, the site is built as it would be published.",
            "arguments": "For sitekit.audit, for example '--only weight'.",
        }
    )
    def audit(context: Context, folder: str = "", arguments: str = "") -> None:
        """Measure the site in real browsers and validators (installs what it needs)."""
        ensure_environment("test")
        ensure_browser()
        if not folder:
            from sitekit.today import content_day

            folder = os.path.join(".cache", "audit-site")
            os.environ.setdefault("SITE_TODAY", content_day(ROOT / "content"))  # nothing is overdue in an audit
            build(context, publish=True, output=folder)
        _module("sitekit.audit", f"{shlex.quote(folder)} {arguments}")

    @task(
        help={
            "dry_run": "Only say what would happen.",
            "collect": "Instead of publishing, remove what no release of the grace period uses.",
            "prepared": "Another machine built output/ and left .cache/handover.",
            "arguments": "For sitekit.publish push (or collect), for example '--target s3://bucket'.",
        }
    )
    def publish(
        context: Context, dry_run: bool = False, collect: bool = False, prepared: bool = False, arguments: str = ""
    ) -> None:
        """Publish output/, as `build --publish` left it, so that no reader sees half a site."""
        ensure_environment("publish")
        if collect:
            _module("sitekit.publish", f"collect {'--dry-run' if dry_run else ''} {arguments}")
        if not prepared:
            made = subprocess.run([str(VENV_PYTHON), "-m", "sitekit.handover"], cwd=ROOT)
            if made.returncode:
                raise Exit(code=made.returncode)
        given = " ".join(f"--{name} .cache/handover/{name}.json" for name in ("problems", "ledger", "redirects"))
        _module("sitekit.publish", f"{'plan' if dry_run else 'push'} {given} {arguments}")

    @task(help={"arguments": "For sitekit.publish releases."})
    def releases(context: Context, arguments: str = "") -> None:
        """List the releases that are kept."""
        ensure_environment("publish")
        _module("sitekit.publish", f"releases {arguments}")

    @task(positional=["release"], help={"release": "Its name, a part of it, or: previous."})
    def rollback(context: Context, release: str = "previous", arguments: str = "") -> None:
        """Bring a kept release back."""
        ensure_environment("publish")
        _module("sitekit.publish", f"rollback {shlex.quote(release)} {arguments}")

    @task(help={"only": "A pytest -k expression.", "marks": "A pytest -m expression, for example 'slow or not slow'."})
    def test(context: Context, only: str = "", marks: str = "") -> None:
        """Run the tests; the browser they need is installed first."""
        ensure_environment("test")
        ensure_browser()
        command = [str(VENV_PYTHON), "-m", "pytest", *(["-k", only] if only else []), *(["-m", marks] if marks else [])]
        raise Exit(code=min(subprocess.run(command, cwd=ROOT).returncode, 1))

    @task(name="check-code")
    def check_code(context: Context) -> None:
        """Lint and format-check the Python code."""
        for command in (["check"], ["format", "--check"]):
            if subprocess.run([str(VENV_PYTHON), "-m", "ruff", *command, "."], cwd=ROOT).returncode:
                raise Exit(code=1)

    @task
    def clean(context: Context) -> None:
        """Delete what builds and tests made; sources and the environment stay."""
        for name in ("output", ".cache", ".pytest_cache", ".ruff_cache", ".hypothesis"):
            shutil.rmtree(ROOT / name, ignore_errors=True)
        for folder in ROOT.glob(".untangled-stage-*"):
            shutil.rmtree(folder, ignore_errors=True)
        print("Deleted output/ and the caches.")

    @task
    def lock(context: Context) -> None:
        """Write requirements/*.txt anew from pyproject.toml, with hashes (needs uv on the PATH)."""
        if not shutil.which("uv"):
            print("Install uv first, for example: pipx install uv", file=sys.stderr)
            raise Exit(code=2)
        common = "uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate pyproject.toml"
        context.run(f"{common} -o requirements/build.txt")
        for group in ("publish", "test"):
            context.run(f"{common} --group {group} -c requirements/build.txt -o requirements/{group}.txt")


def ensure_browser() -> None:
    """Make sure that Chromium is there: install Debian's as root, or say in one line what to do."""
    if any(shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome")):
        return
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        apt_install("chromium", "fonts-liberation")
        return
    print("The browser tests need Chromium: sudo apt-get install chromium", file=sys.stderr)
    raise SystemExit(1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
