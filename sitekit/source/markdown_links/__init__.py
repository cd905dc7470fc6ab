"""Every link destination in a Markdown text, with its line and column, read the way Python-Markdown reads it.

``scan`` is a pure function on text. It knows code, comments, escapes, raw HTML blocks, front matter, nested brackets, titles,
reference definitions, autolinks, HTML attributes (``srcset`` included) and attribute lists. A place is where the destination
itself begins, so that an editor lands on what is wrong.
"""

from .link import KINDS, MarkdownLink
from .scanner import scan

__all__ = ["KINDS", "MarkdownLink", "scan"]
