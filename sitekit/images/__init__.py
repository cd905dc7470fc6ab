"""Pictures: what editors put into content/images/, examined, encoded for the web and written as HTML. Knows no Pelican.

Pillow is imported only when a picture must be decoded, so a build without new pictures does not pay for it.
"""
