"""``python -m sitekit.publish``; see cli.py."""

from sitekit.publish.cli import main

raise SystemExit(main())
