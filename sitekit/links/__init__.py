"""The link checker: knows a folder and a base URL, nothing of how the site was made.

``check(site_dir, base_url)`` reads every file by its standard and returns a ``Report``; ``python -m sitekit.links`` does the same.
"""

from .check import check
from .model import Finding, Report
from .site import UsageError

__all__ = ["Finding", "Report", "UsageError", "check"]
