"""What editors write, read as data: pure functions on text that know neither Pelican nor HTML templates."""
