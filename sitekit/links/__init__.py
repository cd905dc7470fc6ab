"""The link checker: knows a folder and a base URL, nothing of how the site was made.

``check(site_dir, base_url)`` reads every file by its standard and returns a ``Report``; ``python -m sitekit.links`` does the same.
"""

from .model import Finding, Report
from .run import check
from .site import UsageError

__all__ = ["Finding", "Report", "UsageError", "check"]
