"""The promise that no public address is ever lost: every URL and heading id ever published, and where those that moved lead now.

Pure functions on text and data; who reads and writes the files is the caller's business.
"""

from .addresses import Ledger, published
from .promise import check_promise
from .redirects import MovedTo, Redirects, Removed, read_redirects
from .render import html_fallbacks, netlify_rules, redirect_table

__all__ = [
    "Ledger",
    "MovedTo",
    "Redirects",
    "Removed",
    "check_promise",
    "html_fallbacks",
    "netlify_rules",
    "published",
    "read_redirects",
    "redirect_table",
]
