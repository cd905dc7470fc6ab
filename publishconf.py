"""What differs when the site goes out. Used by `invoke build --publish` and by CI."""

from pelicanconf import *  # noqa: F403 (a settings file is a list of names)

WITH_DRAFTS = False
