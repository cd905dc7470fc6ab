"""What the settings import: little, so that they can be read before Pelican is imported, and all that must be there from the start."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sitekit.plugins.publication import Publication


class Collector(logging.Handler):
    """Keeps what Pelican and its libraries log at WARNING and above."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one."""
        self.records.append(record)


LOG = Collector()
_ROOT, _SETTINGS = logging.getLogger(), logging.getLogger("pelican.settings")
# From the moment the settings import this module: Pelican warns about settings before it makes a Publication. Not on the root yet, on
# which Pelican puts a handler only where there is none; and with a level of its own, since `-q` raises that of the others.
_SETTINGS.addHandler(LOG)
_SETTINGS.setLevel(logging.WARNING)


def publication(settings: dict[str, Any]) -> Publication:
    """What Pelican calls for an instance of its class. An import that fails here stops the build."""
    for handler in _ROOT.handlers:  # what is not shown is collected all the same
        handler.setLevel(max(handler.level, _ROOT.level))
    _ROOT.setLevel(min(_ROOT.level, logging.WARNING))
    logging.getLogger("pelican").setLevel(_ROOT.level)
    _SETTINGS.removeHandler(LOG)
    _ROOT.addHandler(LOG)
    from sitekit.plugins.publication import Publication

    return Publication(settings)
