"""Looking at the built site on this machine, served the way the CDN serves it."""
