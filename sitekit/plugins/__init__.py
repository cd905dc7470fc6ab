"""Thin glue between the site's machinery and Pelican's signals. Imported by the Pelican settings alone."""
