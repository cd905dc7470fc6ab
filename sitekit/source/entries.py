"""What a data file holds, and what of it could not be read: so that one mistake in the data makes nothing else wrong."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TypeVar

from sitekit.records import record

Value = TypeVar("Value")


@record()
class Lost:
    """The names of entries that could not be read. ``everything`` says that nobody can tell which those are."""

    names: frozenset[str] = frozenset()
    everything: bool = False

    def __contains__(self, name: str) -> bool:
        return self.everything or name in self.names

    def __bool__(self) -> bool:
        return self.everything or bool(self.names)


class Known(Collection[str]):
    """The names that a text may use: those that were read, and those that would have been. Goes through the former."""

    def __init__(self, names: Collection[str], lost: Lost) -> None:
        self._names, self._lost = names, lost

    def __contains__(self, name: object) -> bool:
        return name in self._names or name in self._lost

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


class Entries(dict[str, Value]):
    """The entries of a data file by name. Whoever looks for what a text has wrong asks ``known`` for a name."""

    lost = Lost()

    @classmethod
    def of(cls, entries: Mapping[str, Value], lost: Iterable[object] = (), everything: bool = False) -> Entries[Value]:
        """``entries``, and the names of those that were not read; a name that is none may have been any."""
        made, names = cls(entries), list(lost)
        nameless = any(not isinstance(name, str) or not name for name in names)
        made.lost = Lost(frozenset(name for name in names if isinstance(name, str)), everything or nameless)
        return made

    @property
    def known(self) -> Known:
        """The names that a text may use."""
        return Known(self, self.lost)
