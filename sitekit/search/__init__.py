"""Search over the finished site: an index that readers' browsers ask, so that what they look for stays with them."""
