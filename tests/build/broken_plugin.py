"""A plugin that fails when Pelican registers it."""


def register() -> None:
    """Fail."""
    raise RuntimeError("this plugin cannot register")
