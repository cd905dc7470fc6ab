"""What is wrong with the pictures of a site, remembered by their bytes, because to be sure all of them must be decoded."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from sitekit.cache import Cache, digest, pack
from sitekit.images.examine import MAX_BYTES, examine
from sitekit.images.model import Fault
from sitekit.images.store import environment_key


def find_faults(content: Path, paths: Iterable[str], cache: Cache) -> dict[str, Fault]:
    """Why pictures cannot be published, by their path below ``content``; nothing for those that can."""
    texts: dict[bytes, tuple[str, bytes]] = {}
    faults: dict[str, Fault] = {}
    for path in sorted(set(paths)):
        try:
            with (content / path).open("rb") as file:
                data = file.read(MAX_BYTES + 1)  # one too many is enough to say so
        except OSError as error:
            hint = "See that the file may be read."
            faults[path] = Fault("damaged-image", f"{path} cannot be read: {error.strerror}.", hint)
            continue
        texts[digest(environment_key(), "examined", path, data)] = (path, data)
    if texts:
        found = cache.get(texts)
        made = {key: examine(*entry) for key, entry in texts.items() if key not in found}
        cache.put({key: pack(value) for key, value in made.items()}, used=found)
        for key, value in {**found, **made}.items():
            if isinstance(value, Fault):
                faults[texts[key][0]] = value
    return faults
