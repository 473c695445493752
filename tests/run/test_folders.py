"""The folders of a run: none lies in another, and the manifest of an output folder is found from everywhere."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from outputs import CAPTIONS, Output

from posepipe.config import RunConfig
from posepipe.errors import ConfigError, RefusedError
from posepipe.run.folders import check_apart, settle_folders
from posepipe.run.summary import Silent


class Heard(Silent):
    """Keeps the messages."""

    def __init__(self) -> None:
        self.messages: list[str] = []

    def message(self, text: str) -> None:
        self.messages.append(text)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"final_dir": "P", "manifest": "P/m"}, "--manifest P/m: lies in --final-dir P"),
        ({"final_dir": "P", "temp_dir": "P/t/u"}, "--temp-dir P/t/u: lies in --final-dir P"),
        ({"final_dir": "P", "log_dir": "./P/../P/l"}, "--log-dir ./P/../P/l: lies in --final-dir P"),
        ({"final_dir": "P", "report": "P/dask.html"}, "--report P/dask.html: lies in --final-dir P"),
        ({"final_dir": "P", "manifest": "P"}, "--manifest P: is the same folder as --final-dir P"),
        ({"final_dir": "M/P", "manifest": "M"}, "--final-dir M/P: lies in --manifest M"),
        ({"final_dir": "T/P", "temp_dir": "T"}, "--final-dir T/P: lies in --temp-dir T"),
        ({"manifest": "M", "temp_dir": "M/t"}, "--temp-dir M/t: lies in --manifest M"),
        ({"manifest": "M", "log_dir": "M"}, "--log-dir M: is the same folder as --manifest M"),
        ({"final_dir": "manifests/P"}, "--manifest manifests/P: is the same folder as --final-dir manifests/P"),
        ({"final_dir": "."}, "--manifest manifests/here: lies in --final-dir ."),
        ({"final_dir": "s3://b/p", "manifest": "s3://b/p/m"}, "--manifest s3://b/p/m: lies in --final-dir s3://b/p"),
    ],
)
def test_folders_that_lie_in_one_another_are_refused(
    options: dict[str, Any], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    with pytest.raises(ConfigError, match=f"^{re.escape(said)}; give .* another folder$"):
        check_apart(RunConfig(**options))


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"final_dir": "P", "manifest": "P/.m", "temp_dir": "P/.t", "log_dir": "P/.l", "report": "P/.r.html"},
        {"final_dir": "P", "log_dir": "."},
        {"final_dir": "P", "manifest": "M", "temp_dir": "M/.t"},
        {"final_dir": "P2", "manifest": "P", "temp_dir": "P3", "log_dir": "P4"},
        {"final_dir": "s3://b/P", "manifest": "P/m"},
    ],
)
def test_folders_side_by_side_and_below_a_dot_are_accepted(options: dict[str, Any]) -> None:
    check_apart(RunConfig(**options))


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Output:
    """Two poses, made from the working folder ``project`` with default folders."""
    (tmp_path / "project").mkdir()
    monkeypatch.chdir(tmp_path / "project")
    output = Output(tmp_path / "project", CAPTIONS[:2], final_dir="out", manifest="", log_dir="logs")
    output.run()
    return output


def settled(config: RunConfig) -> tuple[str, list[str]]:
    heard = Heard()
    return settle_folders(config, heard).manifest, heard.messages


def test_in_the_same_working_folder_there_is_nothing_to_say(made: Output) -> None:
    assert settled(made.config) == ("manifests/out", [])


def test_from_another_working_folder_the_recorded_manifest_is_used_and_said(
    made: Output, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, manifest = tmp_path / "project" / "out", tmp_path / "project" / "manifests" / "out"
    (tmp_path / "other").mkdir()
    monkeypatch.chdir(tmp_path / "other")
    used, said = settled(RunConfig(final_dir=str(out)))
    assert used == str(manifest)
    assert said == [f"manifest: {manifest}, as {out}/.posepipe.json says"]


def test_another_manifest_that_is_asked_for_is_used_and_said(made: Output) -> None:
    used, said = settled(RunConfig(final_dir="out", manifest="new"))
    assert used == "new"
    assert said == ["new: a new manifest; out/.posepipe.json names manifests/out"]


def test_a_manifest_that_is_gone_is_refused_where_it_is_not_the_default(
    made: Output, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.rmtree("manifests")
    assert settled(made.config) == ("manifests/out", [])
    (tmp_path / "other").mkdir()
    monkeypatch.chdir(tmp_path / "other")
    with pytest.raises(RefusedError, match="project/manifests/out is not there; give --manifest"):
        settled(RunConfig(final_dir="../project/out"))


def test_a_moved_project_is_said_and_goes_on(made: Output, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir((tmp_path / "project").rename(tmp_path / "moved"))
    used, said = settled(RunConfig(final_dir="out"))
    assert used == "manifests/out"
    assert said == [f"out: was moved or copied here from {tmp_path}/project/out; its manifest is manifests/out"]


def test_a_copy_without_its_manifest_is_refused(made: Output, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree("out", tmp_path / "copy" / "out")
    monkeypatch.chdir(tmp_path / "copy")
    with pytest.raises(RefusedError, match="without its manifest"):
        settled(RunConfig(final_dir="out"))


def test_a_state_that_cannot_be_read_is_no_reason_to_make_all_again(
    made: Output, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("out/.posepipe.json").write_text("{")
    assert settled(RunConfig(final_dir="out")) == ("manifests/out", [])
    (tmp_path / "other").mkdir()
    monkeypatch.chdir(tmp_path / "other")
    with pytest.raises(ConfigError, match="cannot be read"):
        settled(RunConfig(final_dir="../project/out"))


def test_the_manifest_of_another_folder_is_refused(made: Output) -> None:
    with pytest.raises(RefusedError, match=r"manifests/out is the manifest of .*/project/out; give --manifest another"):
        settled(RunConfig(final_dir="other", manifest="manifests/out"))


@pytest.mark.parametrize(
    ("text", "refused"), [("mine", True), ("", False), ("2026-11-30 13:21:31,123 INFO run r: c", False)]
)
def test_a_log_of_somebody_else_is_not_written_to(made: Output, text: str, refused: bool) -> None:
    Path("logs").mkdir()
    Path("logs/run.log").write_text(text)
    if refused:
        with pytest.raises(RefusedError, match=r"logs/run\.log: is not a log of posepipe; give --log-dir"):
            settled(made.config)
    else:
        settled(made.config)


@pytest.mark.parametrize("option", ["final_dir", "manifest"])
def test_a_loop_of_links_is_named(option: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a").symlink_to("b")
    Path("b").symlink_to("a")
    for place in ("a", "a/inner"):
        with pytest.raises(ConfigError, match=f"^--{option.replace('_', '-')} {place}: is a loop of symbolic links$"):
            check_apart(RunConfig(**{option: place}))
