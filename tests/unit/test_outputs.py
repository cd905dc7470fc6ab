"""What a build remembers is read by the code that wrote it, and by no other."""

from __future__ import annotations

from pathlib import Path

import pytest

from sitekit.cache import pack
from sitekit.outputs import Written, read_state, write_state

STATE = {"index.html": Written(b"fingerprint", 1, 2)}


def test_a_state_comes_back_as_it_was_written(tmp_path: Path) -> None:
    write_state(tmp_path / "state", STATE)
    assert read_state(tmp_path / "state") == STATE


@pytest.mark.parametrize(
    "data",
    [b"", b"short", pack(STATE), b"\0" * 20 + pack(STATE)],
    ids=["empty", "cut off", "without a mark", "by other code"],
)
def test_anything_else_counts_as_nothing(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "state").write_bytes(data)
    assert read_state(tmp_path / "state") is None


def test_damage_counts_as_nothing(tmp_path: Path) -> None:
    write_state(tmp_path / "state", STATE)
    data = (tmp_path / "state").read_bytes()
    (tmp_path / "state").write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    assert read_state(tmp_path / "state") is None
    assert read_state(tmp_path / "nothing") is None
