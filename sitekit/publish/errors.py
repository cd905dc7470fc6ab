"""What can go wrong while publishing, in words that say what to do next."""

from __future__ import annotations


class PublishError(Exception):
    """Publishing cannot go on. ``hint`` says what to do about it; neither text ever holds a secret."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class ConfigError(PublishError):
    """The settings or the command line cannot mean anything: the command was used wrongly (exit code 2)."""


class StorageError(PublishError):
    """The target refused or could not be reached. ``passing`` is true when trying again may help."""

    def __init__(self, message: str, hint: str = "", *, passing: bool = False) -> None:
        super().__init__(message, hint)
        self.passing = passing


class PointerMoved(PublishError):
    """Compare-and-swap failed: somebody else changed the pointer since it was read."""

    def __init__(self) -> None:
        super().__init__("the release pointer was changed by another run")


class Busy(PublishError):
    """Another run holds the target."""


class LeaseLost(PublishError):
    """This run may no longer write: its lease ran out or was taken over."""
