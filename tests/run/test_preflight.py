"""What is checked before the first write: the model, space, files that no row describes, glyphs."""

from __future__ import annotations

import json
import signal
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from plans import CONFIG, TEXTS, captions, manifest_rows, plan_of

from posepipe import models, picture
from posepipe.config import RunConfig
from posepipe.errors import CheckpointError, MachineError, RefusedError
from posepipe.run import cluster, preflight
from posepipe.run.preflight import SPARE_BYTES
from posepipe.run.summary import Silent
from posepipe.storage.folders import Folder
from posepipe.storage.layout import folder_of
from posepipe.storage.locations import open_folder

OWN = {"posepipe_version": "0", "caption": "A person waving"}


class Told(Silent):
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.messages: list[str] = []
        self.warnings: list[str] = []

    def message(self, text: str) -> None:
        self.messages.append(text)

    def warning(self, text: str) -> None:
        self.warnings.append(text)


# The model


def resolved(monkeypatch: pytest.MonkeyPatch, code: int, out: str = "", err: str = "") -> tuple[str, float]:
    """Resolve a model of the user's own whose process ends like this."""

    def ended(command: list[str], **_: Any) -> Any:
        assert command[-1] == "a.b:c"
        return subprocess.CompletedProcess(command, code, out, err)

    monkeypatch.setattr(subprocess, "run", ended)
    return preflight.resolve_model(replace(CONFIG, model="a.b:c"))


def test_a_built_in_model_is_asked_here() -> None:
    config = RunConfig(text_path="x")
    assert preflight.resolve_model(config) == (models.fingerprint("small"), models.default_cfg("small"))


def test_a_model_of_the_users_own_answers_among_whatever_it_prints(monkeypatch: pytest.MonkeyPatch) -> None:
    out = 'hello\nposepipe:["early", 1.0]\nposepipe:["f", 2.5]\nbye\n'
    assert resolved(monkeypatch, 0, out) == ("f", 2.5)


@pytest.mark.parametrize(
    ("code", "out", "err", "reason"),
    [
        (1, "", "Traceback\nKeyError: 'x'\n", "KeyError: 'x'"),
        (1, 'posepipe:["f", 2.5]\n', "late", "late"),
        (3, "", " \n", "exit status 3"),
        (0, "hello\n", "", "exit status 0"),
    ],
)
def test_a_model_that_cannot_be_loaded(
    monkeypatch: pytest.MonkeyPatch, code: int, out: str, err: str, reason: str
) -> None:
    with pytest.raises(CheckpointError) as raised:
        resolved(monkeypatch, code, out, err)
    assert str(raised.value) == f"--model a.b:c cannot be loaded: {reason}"


def test_a_model_whose_process_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(MachineError, match="was killed"):
        resolved(monkeypatch, -signal.SIGKILL)


# Space


def test_space_is_needed_for_the_artifacts_and_a_reserve(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "allow_open_files", lambda *_: None)
    plan = replace(plan_of(), space_needed=10 * 2**20)

    def check(free: int | None) -> None:
        folder = type("F", (), {"free_bytes": lambda _: free})()
        store: Any = type("Store", (), {"final_dir": folder})
        preflight.check_machine(plan, replace(CONFIG, final_dir="out"), store)

    check(None)
    check(10 * 2**20 + SPARE_BYTES)
    with pytest.raises(
        MachineError, match=r"^out: about 10 MiB are needed, 64 MiB more are kept free .* 74 MiB are free; make room"
    ):
        check(10 * 2**20 + SPARE_BYTES - 1)


def test_the_limit_of_open_files_is_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(config: RunConfig, poses: int) -> None:
        raise MachineError("too few")

    monkeypatch.setattr(cluster, "allow_open_files", refuse)
    nothing: Any = None
    with pytest.raises(MachineError, match="too few"):
        preflight.check_machine(plan_of(), CONFIG, nothing)


# Files that no row describes


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path


def look(out: Path, plan: Any = None, config: RunConfig = CONFIG) -> list[str]:
    observer = Told()
    plan = plan or plan_of(config=config, captions=captions(TEXTS[:2]))
    preflight.check_foreign_files(plan, replace(config, final_dir="out"), open_folder(out), observer)
    return observer.messages


def test_nothing_is_in_the_way(out: Path) -> None:
    assert look(out) == []
    for name in ("other.npy", "waving.txt", "waving", ".waving.npy", "Waving.npy"):
        (out / name).write_bytes(b"")
    assert look(out) == []


def test_files_without_a_json_are_counted(out: Path) -> None:
    (out / "waving.npy").write_bytes(b"")
    [told] = look(out)
    assert told.startswith("out: 1 file under the names of new poses that no row describes; those that differ ")
    (out / "waving.png").write_bytes(b"")
    (out / "kicking.png").write_bytes(b"")
    assert look(out)[0].startswith("out: 3 files ")
    assert look(out, config=replace(CONFIG, formats="npy"))[0].startswith("out: 1 file ")


@pytest.mark.parametrize(
    "content",
    [
        b"{",
        b"[]",
        json.dumps({"caption": "A person waving"}).encode(),
        json.dumps(OWN | {"caption": "A person Waving"}).encode(),
    ],
)
def test_a_json_of_somebody_else_is_refused(out: Path, content: bytes) -> None:
    (out / "waving.json").write_bytes(content)
    with pytest.raises(RefusedError, match=r"^out: 1 pose that no row describes .* \(waving\.json\); --adopt"):
        look(out)
    with pytest.raises(RefusedError):
        look(out, config=replace(CONFIG, formats="npy"))


def test_at_most_three_are_named(out: Path) -> None:
    texts = [f"A person {letter}" for letter in "abcd"]
    for letter in "abcd":
        (out / f"{letter}.json").write_text("{}")
    with pytest.raises(RefusedError, match=r"^out: 4 poses .* \(a\.json, b\.json, c\.json\)"):
        look(out, plan_of(captions=captions(texts)))


def test_what_the_manifest_describes_is_no_obstacle(out: Path) -> None:
    rows = manifest_rows(plan_of(captions=captions(TEXTS[:2])), replace(CONFIG, formats="npy,json"))
    (out / "waving.json").write_text("{}")
    assert look(out, plan_of(rows, captions=captions(TEXTS[:2]))) == []
    (out / "waving.png").write_bytes(b"")
    assert look(out, plan_of(rows, captions=captions(TEXTS[:2])))[0].startswith("out: 1 file ")
    failed = rows.assign(status="failed", npy_sha256=None, json_sha256=None)
    again = plan_of(failed, replace(CONFIG, retry_failed="all"), captions=captions(TEXTS[:2]))
    assert look(out, again)[0].startswith("out: 2 files "), "a pose that has a row was planned by posepipe"


def test_layouts(out: Path) -> None:
    (out / "waving.json").write_text("{}")
    assert look(out, config=replace(CONFIG, layout="shards")) == []
    folders = replace(CONFIG, layout="folders")
    assert look(out, config=folders) == []
    (out / folder_of("waving")).mkdir()
    (out / f"{folder_of('waving')}waving.json").write_text("{}")
    with pytest.raises(RefusedError, match=f"{folder_of('waving')}waving"):
        look(out, config=folders)


def test_a_json_that_cannot_be_read_is_somebody_elses(out: Path) -> None:
    folder: Folder = open_folder(out)
    assert not preflight._is_own(folder, "none", "A person waving")


def test_a_json_of_posepipe_for_the_same_caption_is_its_own(out: Path, context: Any) -> None:
    from stages import State, work

    from posepipe.workers.infer import infer_partition
    from posepipe.workers.publish import publish_partition

    frame = work(["A person waving"])
    frame["stem"] = "waving"
    publish_partition(infer_partition(frame, context, State()), context, State())
    final = Path(context.config.final_dir)
    assert look(final)[0].startswith("out: 3 files ")
    other = captions(["A person Waving."])
    (final / "waving.json").rename(final / "Waving.json")
    with pytest.raises(RefusedError):
        look(final, plan_of(captions=other))


# Glyphs


def test_characters_that_pictures_cannot_show_are_named_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []

    def missing(texts: list[str]) -> Any:
        asked.append(texts)
        return ["站"] if texts else []

    monkeypatch.setattr(picture, "missing_glyphs", missing)
    monkeypatch.setattr(picture, "missing_message", lambda found: f"no {found}")
    plan = plan_of(captions=captions(["A person waving", "站"]))
    observer = Told()
    preflight.warn_of_missing_glyphs(plan, CONFIG, observer)
    assert (asked, observer.warnings) == ([["站"]], ["no ['站']"])
    preflight.warn_of_missing_glyphs(plan, replace(CONFIG, formats="npy,json"), observer)
    preflight.warn_of_missing_glyphs(plan_of(), CONFIG, observer)
    assert len(observer.warnings) == 1
