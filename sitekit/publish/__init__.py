"""Publishing: moves a built folder to a target so that readers never see half a site.

Read in this order: ``manifest`` (what a release is) -> ``scan`` (a folder becomes a manifest) -> ``plan`` (what has to
move) -> ``push`` (moving it, safely) -> ``verify`` and ``invalidate`` (what readers get) -> ``collect`` and ``rollback``.
``targets`` holds the two kinds of places to publish to, ``edge`` the rules rendered for hosts. The reasoning is in
docs/decisions/0007-publishing.md.

This package knows a folder and a target. It imports neither Pelican, nor ``sitekit.plugins``, nor ``sitekit.links``: the
outcomes of checks are passed in as problems.
"""
