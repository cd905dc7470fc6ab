"""What differs when the site goes out. Used by `invoke build --publish` and by CI."""

from pelicanconf import *  # noqa: F403 (a settings file is a list of names)

SETTINGS_NAME = "publishconf.py"
WITH_DRAFTS = False
