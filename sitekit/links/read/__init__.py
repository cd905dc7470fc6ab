"""Readers: bytes of one file in, the links and anchors it holds out. They know nothing of other files."""
