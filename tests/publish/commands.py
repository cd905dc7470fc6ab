"""What several tests ask of the publisher."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sitekit.publish.collect import collect
from sitekit.publish.config import load_config
from sitekit.publish.push import begin
from sitekit.publish.targets import open_target


def uploaded(text: str) -> int:
    """How many files a push said it sent."""
    return int(re.search(r"(\d+) uploaded", text)[1])


def collect_in_two_months(project: Path, bucket: str) -> None:
    """What ``collect`` would do once the grace period of everything published today is over."""
    config = load_config(project, target=f"s3://{bucket}")
    target = open_target(config)
    with begin(target, config, "collect", 0) as lease:
        collect(target, config, lease, datetime.now(UTC) + timedelta(days=60))
