"""Places: local paths and addresses, and the folders behind them."""

from __future__ import annotations

import sys
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from posepipe.errors import ConfigError
from posepipe.storage import locations
from posepipe.storage.folders import LocalFolder, RemoteFolder

FORMS = {  # place: is_remote, control_folder, name_of
    "s3://bucket/poses/": (True, "poses", "poses"),
    "gs://bucket/a/b": (True, "b", "b"),
    "out/poses": (False, "out/poses", "poses"),
    "out/poses/": (False, "out/poses/", "poses"),
}


@pytest.mark.parametrize("place", FORMS)
def test_addresses_and_paths_are_told_apart(place: str) -> None:
    assert (locations.is_remote(place), locations.control_folder(place), locations.name_of(place)) == FORMS[place]


def test_the_working_folder_has_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert locations.name_of(".") == "here"


def test_absolute_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert locations.absolute("out/../poses") == str(tmp_path / "poses")
    assert locations.absolute(Path("poses")) == str(tmp_path / "poses")
    assert locations.absolute("s3://bucket/poses/") == "s3://bucket/poses"


def test_a_path_opens_as_a_local_folder(tmp_path: Path) -> None:
    for place in (tmp_path, str(tmp_path)):
        folder = locations.open_folder(place)
        assert isinstance(folder, LocalFolder)
        assert folder.path == tmp_path
        assert locations.open_folder(folder) is folder


@pytest.mark.parametrize("scheme", ["s3", "s3a"])
def test_an_address_opens_as_a_remote_folder(scheme: str) -> None:
    folder = locations.open_folder(f"{scheme}://bucket/poses")
    assert isinstance(folder, RemoteFolder)
    assert str(folder) == f"{scheme}://bucket/poses"
    again = locations.open_folder(folder.path)
    assert isinstance(again, RemoteFolder)
    assert again.path is folder.path


def test_s3_is_asked_afresh_and_with_limits() -> None:
    options = locations.open_folder("s3://bucket/poses").path.fs.storage_options  # type: ignore[attr-defined]
    assert options["use_listings_cache"] is False
    assert options["config_kwargs"]["connect_timeout"] == 10
    assert options["config_kwargs"]["read_timeout"] == 60
    assert options["config_kwargs"]["retries"] == {"max_attempts": 6, "mode": "standard"}


@pytest.mark.parametrize("place", ["nosuch://x/out", "memory://x/out", "file:///x/out", "sftp://x/out"])
def test_an_address_that_is_not_an_object_store_is_refused(place: str) -> None:
    with pytest.raises(ConfigError, match="cannot be opened; give a local path"):
        locations.open_folder(place)


def test_an_address_without_its_library_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "upath", None)
    with pytest.raises(ConfigError, match=r"s3://bucket/poses: cannot be opened .*pip install 'posepipe\[s3\]'"):
        locations.open_folder("s3://bucket/poses")


def test_the_folders_of_a_run_are_opened_once(tmp_path: Path) -> None:
    final, manifest = locations.open_folder(tmp_path / "out"), locations.open_folder("s3://bucket/m")
    folders = locations.RunFolders(final=final, manifest=manifest, temp=tmp_path / "t", logs=tmp_path / "l")
    assert (folders.final, folders.manifest, folders.temp, folders.logs) == (
        final,
        manifest,
        tmp_path / "t",
        tmp_path / "l",
    )
    with pytest.raises(FrozenInstanceError):
        folders.final = manifest  # type: ignore[misc]


@pytest.mark.parametrize(
    ("place", "folder", "relative"),
    [
        ("/p/manifests/out", "/p/out", "../manifests/out"),
        ("/p/out", "/p/manifests/out", "../../out"),
        ("/p/manifests/out", "/p/data/out", "../../manifests/out"),
        ("/p/m", "/p/a/b/out", "/p/m"),
        ("/m", "/out", "/m"),
        ("/p/out/.m", "/p/out", ".m"),
        ("s3://bucket/m", "/p/out", "s3://bucket/m"),
    ],
)
def test_places_of_one_project_are_relative(place: str, folder: str, relative: str) -> None:
    assert locations.beside(place, folder) == relative


@pytest.mark.parametrize(
    ("place", "folder", "inside"),
    [
        ("out", "out", True),
        ("out/../out/m", "out", True),
        ("link/m", "out", True),
        ("out/.m/n", "out", False),
        ("out2", "out", False),
        (".", "out", False),
        ("anything", ".", True),
        ("anything", "/", True),
        ("s3://b/out/m", "s3://b/out/", True),
        ("s3://b/out", "out", False),
    ],
)
def test_what_lies_in_a_folder(
    place: str, folder: str, inside: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "out").mkdir()
    (tmp_path / "link").symlink_to("out")
    assert locations.lies_in(place, folder) is inside


def test_a_loop_of_links_has_a_path(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    assert locations.absolute(tmp_path / "a") in (str(tmp_path / "a"), str(tmp_path / "b"))
