"""Plain records: frozen, small, and quick to store and to bring back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Any, TypeVar, dataclass_transform

Cls = TypeVar("Cls", bound=type)


@dataclass_transform(frozen_default=True)
def record(*, order: bool = False) -> Callable[[Cls], Cls]:
    """A decorator: a frozen dataclass with slots that pickles as a call of its class with all of its fields.

    What ``dataclasses`` itself gives such a class looks the fields up anew for every object, which takes three times as long; a build
    stores and reads some dozens of records for each page.
    """

    def decorate(cls: Cls) -> Cls:
        made = dataclass(frozen=True, slots=True, order=order)(cls)
        names = [field.name for field in fields(made)]
        values = attrgetter(*names)

        def reduce(self: Any) -> tuple[type, tuple[Any, ...]]:
            return made, values(self) if len(names) > 1 else (values(self),)

        made.__reduce__ = reduce
        return made

    return decorate
