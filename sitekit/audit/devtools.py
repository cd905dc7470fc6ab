"""Chromium spoken to in its own protocol through a pipe, for what Playwright forbids: pages that are rendered before they are opened.

https://chromedevtools.github.io/devtools-protocol/. Messages are JSON, each ended by a zero byte; the browser reads from its
file descriptor 3 and writes to 4.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sitekit.audit.browser import chromium_path, flags

_SECONDS = 20.0
_LOOK_AGAIN = 0.03
_START = """
import fcntl, os, sys
commands, answers = (fcntl.fcntl(int(end), fcntl.F_DUPFD_CLOEXEC, 5) for end in sys.argv[1:3])
os.dup2(commands, 3)
os.dup2(answers, 4)
os.execvp(sys.argv[3], sys.argv[3:])
"""
"""Becomes the browser, with its ends of the pipes where it looks for them; first both are moved out of each other's way."""


class DevToolsError(OSError):
    """The browser refused a command or did not answer in time."""


class DevTools:
    """A running Chromium. ``listeners`` are called with every event, in a thread of their own; they may post, but not wait."""

    def __init__(self, commands: int, answers: int) -> None:
        self._commands, self._stream = commands, answers
        self._answers: dict[int, dict[str, Any]] = {}
        self._changed = threading.Condition()
        self._last = 0
        self.listeners: list[Callable[[dict[str, Any]], None]] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def post(self, method: str, session: str = "", **parameters: Any) -> int:
        """Send a command without waiting for its answer. Returns its number."""
        with self._changed:
            self._last += 1
            number = self._last
            message = {"id": number, "method": method, "params": parameters}
            text = json.dumps(message | ({"sessionId": session} if session else {}))
            os.write(self._commands, text.encode() + b"\0")
        return number

    def send(self, method: str, session: str = "", seconds: float = _SECONDS, **parameters: Any) -> dict[str, Any]:
        """Send a command and wait for its result. Raises DevToolsError."""
        number = self.post(method, session, **parameters)
        with self._changed:
            if not self._changed.wait_for(lambda: number in self._answers, seconds):
                raise DevToolsError(f"Chromium did not answer {method} within {seconds:g} s")
            answer = self._answers.pop(number)
        if "error" in answer:
            raise DevToolsError(f"{method}: {answer['error']['message']}")
        return answer["result"]

    def evaluate(self, session: str, expression: str, seconds: float = _SECONDS) -> Any:
        """The value of a JavaScript expression in the page of a session; a promise is awaited. Raises DevToolsError."""
        asked = {"expression": expression, "returnByValue": True, "awaitPromise": True}
        answer = self.send("Runtime.evaluate", session, seconds, **asked)
        if "exceptionDetails" in answer:
            raise DevToolsError(f"{expression}: {answer['exceptionDetails']['text']}")
        return answer["result"].get("value")

    def _read(self) -> None:
        rest = b""
        while data := os.read(self._stream, 1 << 16):
            *messages, rest = (rest + data).split(b"\0")
            for message in map(json.loads, messages):
                if "id" in message:
                    with self._changed:
                        self._answers[message["id"]] = message
                        self._changed.notify_all()
                else:
                    for listener in list(self.listeners):
                        listener(message)


@contextmanager
def devtools(preferences: dict[str, Any] | None = None) -> Iterator[DevTools]:
    """A Chromium with a fresh profile that ends with the context; ``preferences`` are what its user has chosen."""
    profile = tempfile.mkdtemp(prefix="chromium-")
    if preferences:
        chosen = Path(profile, "Default", "Preferences")
        chosen.parent.mkdir()
        chosen.write_text(json.dumps(preferences), encoding="utf-8")
    to_browser, from_browser = os.pipe(), os.pipe()
    theirs = (to_browser[0], from_browser[1])
    command = [
        chromium_path(),
        "--headless=new",
        "--remote-debugging-pipe",
        f"--user-data-dir={profile}",
        *flags(),
    ]
    silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen([sys.executable, "-c", _START, *map(str, theirs), *command], pass_fds=theirs, **silent)
    for end in theirs:
        os.close(end)
    browser = DevTools(to_browser[1], from_browser[0])
    try:
        yield browser
    finally:
        with suppress(DevToolsError, BrokenPipeError):
            browser.send("Browser.close")
        try:
            process.wait(_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        os.close(to_browser[1])
        browser._reader.join(_SECONDS)
        os.close(from_browser[0])
        shutil.rmtree(profile, ignore_errors=True)


class Tab:
    """One tab in a profile of its own, with the pages that it shows and those that it renders before they are opened."""

    def __init__(self, browser: DevTools, *setup: tuple[str, dict[str, Any]]) -> None:
        self.browser, self._setup = browser, setup
        self.pages: dict[str, dict[str, Any]] = {}
        """What the browser says of each page, by session; its ``subtype`` is "prerender" for one that is not open yet."""
        self.events: list[dict[str, Any]] = []
        """Everything that the pages reported."""
        self._context = browser.send("Target.createBrowserContext")["browserContextId"]

    def __enter__(self) -> Tab:
        self.browser.listeners.append(self._listen)
        watch = {"autoAttach": True, "waitForDebuggerOnStart": True, "flatten": True}
        tabs = [{"type": "page", "exclude": True}, {"type": "tab"}]
        self.browser.send("Target.setAutoAttach", filter=tabs, **watch)
        self.browser.send("Target.createTarget", url="about:blank", browserContextId=self._context, forTab=True)
        self.shown("about:blank")
        return self

    def __exit__(self, *problem: object) -> None:
        self.browser.listeners.remove(self._listen)
        self.browser.send("Target.disposeBrowserContext", browserContextId=self._context)

    def open(self, url: str) -> str:
        """Go to an address and wait until it is loaded. Returns the session of its page."""
        self.browser.send("Page.navigate", next(iter(self.pages)), url=url)
        return self.shown(url)

    def shown(self, url: str, seconds: float = _SECONDS) -> str:
        """Wait until the tab shows ``url``, loaded. Returns the session of its page. Raises DevToolsError."""
        state = "[location.href, document.prerendering, document.readyState]"
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for session in list(self.pages):
                with suppress(DevToolsError):  # a page that is just going away
                    if self.browser.evaluate(session, state, 1) == [url, False, "complete"]:
                        return session
            time.sleep(_LOOK_AGAIN)
        raise DevToolsError(f"{url} was not shown within {seconds:g} s")

    def _listen(self, event: dict[str, Any]) -> None:
        """Every page, also one that is only prepared, waits for ``setup`` before it does anything."""
        about, post = event["params"], self.browser.post
        if event["method"] == "Target.attachedToTarget":
            target, session = about["targetInfo"], about["sessionId"]
            if target.get("browserContextId") != self._context:
                return
            if target["type"] == "tab":
                post("Target.setAutoAttach", session, autoAttach=True, waitForDebuggerOnStart=True, flatten=True)
            elif target["type"] == "page":  # and not the browser's own window
                for method, parameters in self._setup:
                    post(method, session, **parameters)
                self.pages[session] = target
            post("Runtime.runIfWaitingForDebugger", session)
        elif event["method"] == "Target.detachedFromTarget":
            self.pages.pop(about["sessionId"], None)
        elif event.get("sessionId") in self.pages:
            self.events.append(event)
