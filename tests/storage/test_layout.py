"""Where a pose lies below the output folder, and the listing of that folder."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from posepipe.storage.folders import LocalFolder
from posepipe.storage.layout import folder_of, folders_of, loose_path, names_in


def test_folders_are_two_digits() -> None:
    assert re.fullmatch("[0-9a-f]{2}/", folder_of("x"))
    assert len({folder_of(str(i)) for i in range(3000)}) == 256


def test_only_the_layout_of_folders_has_folders() -> None:
    assert loose_path("arching_back", "files") == "arching_back"
    assert loose_path("arching_back", "folders") == "a8/arching_back"


@pytest.mark.parametrize(
    ("paths", "folders"),
    [([], set()), (["top"], set()), (["a/x", "a/y"], {"a/"}), (["a/b/c/x"], {"a/", "a/b/", "a/b/c/"})],
)
def test_folders_of_paths_and_their_parents(paths: list[str], folders: set[str]) -> None:
    assert folders_of(paths) == folders


def test_artifacts_in_folders(tmp_path: Path) -> None:
    for name in ("a/b/x.npy", "a/y.npy", "other/z.npy", "top.npy"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    folders = folders_of(["a/b/x", "top"])
    assert folders == {"a/", "a/b/"}
    assert sorted(names_in(LocalFolder(tmp_path), folders)) == ["a/b/x.npy", "a/y.npy", "other", "top.npy"]


def test_without_known_paths_the_folders_of_two_hexadecimal_digits_are_listed(tmp_path: Path) -> None:
    for name in ("a8/x.npy", "a8/.hidden.npy", "A8x/y.npy", "g0/z.npy", "0ff/z.npy", "top.npy", ".hidden.npy"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert sorted(names_in(LocalFolder(tmp_path))) == ["0ff", "A8x", "a8/x.npy", "g0", "top.npy"]


def test_a_shard_that_rows_name_is_not_listed(tmp_path: Path) -> None:
    (tmp_path / "poses-1.tar").touch()
    (tmp_path / "other.tar").touch()
    assert list(names_in(LocalFolder(tmp_path), folders_of(["poses-1.tar/0123"]))) == ["other.tar"]


def test_a_folder_that_is_not_there_has_no_names(tmp_path: Path) -> None:
    assert list(names_in(LocalFolder(tmp_path / "none"))) == []
