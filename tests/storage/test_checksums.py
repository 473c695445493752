"""Names that end with a checksum of the content."""

from __future__ import annotations

import io
from pathlib import Path

from posepipe.storage.checksums import is_whole, named


def test_a_changed_file_is_noticed(tmp_path: Path) -> None:
    name = named("run-000001", b"content", ".parquet")
    assert name.startswith("run-000001-ed7002b439e9ac84")
    for content, whole in ((b"content", True), (b"contenu", False), (b"", False)):
        (tmp_path / name).write_bytes(content)
        assert is_whole(name, tmp_path / name) is whole
        stream = io.BytesIO(content)
        assert is_whole(name, stream) is whole
        assert stream.tell() == 0


def test_a_name_without_a_checksum_says_nothing(tmp_path: Path) -> None:
    for name in ("run-000001-01234567.parquet", "x.parquet", "0123456789abcdef.parquet"):
        assert is_whole(name, tmp_path / name)
