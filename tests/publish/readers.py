"""Readers that never stop: they load pages, wait as long as a cache might, and then load every asset those pages name."""

from __future__ import annotations

import random
import re
import threading
import time
from dataclasses import dataclass, field

import httpx

_NAMED = re.compile(rb'(?:href|src)="(/assets/[^"]+)"')


@dataclass
class Views:
    """What the readers saw. A view is broken when its page or anything the page names was not there, whole."""

    pages: int = 0
    assets: int = 0
    broken: list[str] = field(default_factory=list)

    @property
    def broken_views(self) -> int:
        """Page views of which at least one part was broken."""
        return len({entry.split(" ", 1)[0] for entry in self.broken})

    @property
    def share(self) -> float:
        """Broken views as a share of all."""
        return self.broken_views / self.pages if self.pages else 0.0


class Readers:
    """Threads that read until told to stop. Use as a context manager; ``views`` is complete once it is left.

    ``delay`` is the longest time (seconds) between a page and its assets. Some readers load assets at once, some after
    part of the delay, some after all of it.
    """

    def __init__(self, root: str, paths: list[str], *, delay: float, count: int = 3, pause: float = 0.0) -> None:
        self._root = root.rstrip("/")
        self._paths = paths
        self._delay = delay
        self._pause = pause
        self._count = count
        self._over = threading.Event()
        self._mutex = threading.Lock()
        self._views = Views()
        self._number = 0
        self._threads: list[threading.Thread] = []

    @property
    def views(self) -> Views:
        """What was seen so far."""
        return self._views

    def __enter__(self) -> Readers:
        self._threads = [threading.Thread(target=self._read, args=(seed,)) for seed in range(self._count)]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _read(self, seed: int) -> None:
        chosen = random.Random(seed)
        later: list[tuple[float, str, str]] = []
        with httpx.Client(timeout=30) as client:
            while not self._over.is_set():
                path = chosen.choice(self._paths)
                view = self._next_view()
                page = self._get(client, view, path)
                if page is not None:
                    named = {match.decode() for match in _NAMED.findall(page)}
                    if not page.rstrip().endswith(b"</html>") or not named:
                        self._break(view, path, "is not whole")
                    due = time.monotonic() + self._delay * chosen.choice((0.0, chosen.random(), 1.0))
                    later += [(due, view, asset) for asset in named]
                later = self._load(client, later, only_due=True)
                self._over.wait(self._pause)
            self._load(client, later, only_due=False)

    def _load(
        self, client: httpx.Client, entries: list[tuple[float, str, str]], *, only_due: bool
    ) -> list[tuple[float, str, str]]:
        """Loads what is due, or all of it when its time comes; returns what is left."""
        left = []
        for due, view, asset in sorted(entries):
            wait = due - time.monotonic()
            if wait > 0 and only_due:
                left.append((due, view, asset))
                continue
            time.sleep(max(0.0, wait))
            body = self._get(client, view, asset)
            with self._mutex:
                self._views.assets += 1
            if body == b"":
                self._break(view, asset, "is empty")
        return left

    def _get(self, client: httpx.Client, view: str, path: str) -> bytes | None:
        for attempt in range(40):
            try:
                answer = client.get(self._root + "/" + path.lstrip("/"))
            except httpx.HTTPError as error:  # a server that is down is no torn view; a CDN would ask again
                if attempt == 39:
                    self._break(view, path, type(error).__name__)
                time.sleep(0.25)
                continue
            if answer.status_code >= 500:
                time.sleep(0.25)
                continue
            if answer.status_code != 200:
                self._break(view, path, f"answers {answer.status_code}")
                return None
            return answer.content
        return None

    def _next_view(self) -> str:
        with self._mutex:
            self._number += 1
            self._views.pages += 1
            return f"view-{self._number}"

    def _break(self, view: str, path: str, why: str) -> None:
        with self._mutex:
            self._views.broken.append(f"{view} {path} {why}")
