"""Markdown extensions of the site. Each renders through a macro of the theme, so that markup has one home."""
