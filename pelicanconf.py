"""What the site is. Literals, each with its reason; what differs when it goes out stands in publishconf.py."""

import os

from jinja2 import StrictUndefined

from sitekit.plugins.strict import publication

# The build: Pelican made strict. An import that fails here stops the build, where a plugin that fails would only be logged.
PELICAN_CLASS = publication
PLUGINS = [
    "sitekit.plugins.publication",
    "sitekit.plugins.reader",
    "sitekit.plugins.views",
    "sitekit.plugins.writer",
    "sitekit.plugins.assets",
    "sitekit.plugins.indexes",
]

SETTINGS_NAME = "pelicanconf.py"

# Identity
SITENAME = "Untangled"
SITESUBTITLE = "Chronic pain and your mind"
SITE_DESCRIPTION = (
    "Plain, sourced pages on chronic pain and mental health, for people in and around Newport Beach, California."
)
LANGUAGE_TAG = "en-US"
DEFAULT_LANG = "en"
SITEURL = os.environ.get("SITE_URL", "https://untangled.example").rstrip("/")
CONTACT_EMAIL = os.environ.get("CONTACT_EMAIL", "")  # shown once the publication has an address that somebody reads

# Time: dates are days in California, whatever machine builds the site.
TIMEZONE = "America/Los_Angeles"
LOCALE = ("C.UTF-8", "C")
DEFAULT_DATE_FORMAT = "%Y-%m-%d"

# Places
PATH = "content"
OUTPUT_PATH = "output"
THEME = "theme"
ARTICLE_PATHS = ["articles"]
PAGE_PATHS = ["pages"]
STATIC_PATHS = ["images"]
THEME_STATIC_PATHS = []  # assets are bundled and fingerprinted by sitekit.plugins.assets

# URLs: the path below content/articles/ is the address; a title can change without moving the page.
USE_FOLDER_AS_CATEGORY = True
SLUGIFY_SOURCE = "basename"
ARTICLE_URL = "{category}/{slug}/"
ARTICLE_SAVE_AS = "{category}/{slug}/index.html"
PAGE_URL = "{slug}/"
PAGE_SAVE_AS = "{slug}/index.html"
DRAFT_URL = "drafts/{slug}/"
DRAFT_SAVE_AS = "drafts/{slug}/index.html"
DRAFT_PAGE_URL = DRAFT_URL
DRAFT_PAGE_SAVE_AS = DRAFT_SAVE_AS
CATEGORY_URL = "{slug}/"
CATEGORY_SAVE_AS = "{slug}/index.html"
PAGE_EXCEPTIONS = {
    "home": {"url": "", "save_as": "index.html", "template": "home"},
    "404": {"url": "404.html", "save_as": "404.html", "template": "error"},
    "get-help-now": {"template": "get-help"},
    "glossary": {"template": "glossary"},
    "references": {"template": "references"},
    "resources": {"template": "resources"},
    "search": {"template": "search"},
    "style": {"template": "style"},
}

# Pages of Pelican's that this site does not have. An empty name writes nothing.
TAG_SAVE_AS = AUTHOR_SAVE_AS = ARCHIVES_SAVE_AS = YEAR_ARCHIVE_SAVE_AS = TAGS_SAVE_AS = ""
CATEGORIES_SAVE_AS = AUTHORS_SAVE_AS = MONTH_ARCHIVE_SAVE_AS = DAY_ARCHIVE_SAVE_AS = ""
DIRECT_TEMPLATES = []
DEFAULT_PAGINATION = False
PAGINATED_TEMPLATES = {}

# Feeds: one of each kind for the whole site
FEED_ALL_ATOM = "feeds/all.atom.xml"
FEED_ALL_RSS = "feeds/all.rss.xml"
CATEGORY_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = TRANSLATION_FEED_ATOM = None
FEED_DOMAIN = SITEURL

# Reading: Markdown only, by our own reader; drafts are shown, at addresses of their own.
WITH_DRAFTS = True
READERS = {"html": None, "rst": None}
FORMATTED_FIELDS = []
CACHE_CONTENT = LOAD_CONTENT_CACHE = False  # Pelican's cache ignores changes of settings; sitekit.cache is used instead
CACHE_PATH = os.environ.get("SITE_CACHE") or os.path.join(os.path.dirname(os.path.abspath(__file__)), ".cache")
SEARCH_INDEX = os.environ.get("SITE_SEARCH") != "off"  # the preview does without
EDITORIAL_RULES = True  # the language rules; off only where generated text is built, in benchmarks
MARKDOWN = {
    "extensions": [
        "markdown.extensions.attr_list",
        "markdown.extensions.def_list",
        "markdown.extensions.fenced_code",
        "markdown.extensions.footnotes",
        "markdown.extensions.sane_lists",
        "markdown.extensions.tables",
        "markdown.extensions.toc",
        "sitekit.markup.blocks",
        "sitekit.markup.citations",
        "sitekit.markup.links",
        "sitekit.markup.tables",
    ],
    "output_format": "html",
}

# Templates: a name that does not exist is an error, and text is text.
JINJA_ENVIRONMENT = {
    "autoescape": True,
    "undefined": StrictUndefined,
    "trim_blocks": True,
    "lstrip_blocks": True,
    "extensions": [],
}
