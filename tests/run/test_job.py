"""The steps of a run, one by one, without a cluster."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from outputs import CAPTIONS, Output
from plans import captions

from manifests import fragment_paths
from posepipe import manifest
from posepipe.captions.reading import caption_id, read_captions
from posepipe.config import RunConfig
from posepipe.control.state import ENDED, read_state
from posepipe.errors import ConfigError, DamagedFragment, InputError, LockedError
from posepipe.run import job
from posepipe.run.job import Job
from posepipe.run.plan import make_plan
from posepipe.run.signals import Interrupted
from posepipe.run.summary import Silent, Tally
from posepipe.storage.locations import open_folder


class Told(Silent):
    """Keeps the messages."""

    def __init__(self) -> None:
        self.messages: list[str] = []

    def message(self, text: str) -> None:
        self.messages.append(text)


def job_of(output: Output, **changes: Any) -> Job:
    config = replace(output.config, **changes)
    return Job(config, config.folders(), read_captions(config.text_path), None, "fake-1", Told())


def messages(of: Job) -> list[str]:
    assert isinstance(of.observer, Told)
    return of.observer.messages


@pytest.fixture
def output(tmp_path: Path) -> Output:
    """Nothing has been made yet; the fake model is not asked for its fingerprint in another process."""
    return Output(tmp_path, CAPTIONS, formats="npy,json")


@pytest.fixture
def known_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job.preflight, "resolve_model", lambda _: ("fake-1", 1.5))


@pytest.fixture
def made(output: Output) -> Output:
    """All poses have been made."""
    output.run()
    return output


def executed(monkeypatch: pytest.MonkeyPatch, result: Any) -> list[Job]:
    """Let the work end with a result or an exception, without a cluster; returns the jobs."""
    calls: list[Job] = []

    def execute(of: Job, *_: Any) -> Any:
        calls.append(of)
        if isinstance(result, BaseException):
            raise result
        return result

    monkeypatch.setattr(job, "_execute", execute)
    return calls


# Reading


def test_no_captions_at_all() -> None:
    with pytest.raises(ConfigError, match="posepipe run CAPTIONS"):
        job._read(RunConfig())


def test_unusable_lines_are_named_up_to_ten_or_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id,caption\n1,A person waves\n" + "2,\n" * 12)
    output = Output(tmp_path, ["x"], text_path=str(path))
    of = job_of(output)
    assert len(job._read(of.config)) == 1
    job._announce(of, make_plan(of.captions, job.read_manifest_index(of), of.config, "fake-1"))
    named = [text for text in messages(of) if "left out" in text]
    assert named == [f"{path}, line {line}: left out: nothing left" for line in range(3, 13)]
    assert "12 unusable lines" in messages(of)[0]
    strict = replace(of.config, strict=True)
    with pytest.raises(InputError, match=r"a\.csv, line 3: nothing left \(--strict; 12 unusable lines\)$"):
        job._read(strict)
    path.write_text("id,caption\n1,A person waves\n")
    assert len(job._read(strict)) == 1


def test_only(tmp_path: Path) -> None:
    path = tmp_path / "only.txt"
    config = RunConfig(text_path="x", only=str(path))
    there = captions(["A person waving", "A person sitting"])
    observer = Told()
    assert job._only(replace(config, only=None), there, observer) is None
    for texts, told in (
        (["A person waving"], []),
        (["A person waving", "A person kicking"], [f"{path}: 1 caption not in the input, left out"]),
        (["A person kicking"], []),  # refused later: none is in the input
    ):
        path.write_text("\n".join(texts))
        observer.messages.clear()
        wanted = job._only(config, there, observer)
        assert wanted is not None
        assert wanted.tolist() == [int(caption_id(text), 16) for text in texts]
        assert observer.messages == told


@pytest.mark.usefixtures("known_model")
def test_the_guidance_scale_of_the_model_is_filled_in(output: Output) -> None:
    assert job._prepare(replace(output.config, cfg=None), Silent()).config.cfg == 1.5
    prepared = job._prepare(output.config, Silent())
    assert (prepared.config.cfg, prepared.fingerprint, len(prepared.captions)) == (2.0, "fake-1", 5)


# Opening


def test_the_folder_is_locked_during_the_run_and_ended_after_it(output: Output) -> None:
    of = job_of(output)
    with job._open(of, "run"), pytest.raises(LockedError), job._open(of, "other"):
        pass
    assert (read_state(output.out).state, read_state(output.out).run_id) == (ENDED, "run")
    with job._open(of, "next"):
        pass


def test_a_run_that_fails_before_it_starts_leaves_no_trace(output: Output) -> None:
    with pytest.raises(KeyError), job._open(job_of(output), "run"):
        raise KeyError
    assert not output.out.exists()


# Reading and claiming the manifest


def test_a_damaged_fragment_ends_the_run_and_stays_where_it_is(made: Output) -> None:
    (made.manifest / "torn.parquet").write_bytes(b"PAR1")
    with pytest.raises(
        DamagedFragment, match=r"torn\.parquet: damaged .*posepipe verify OUT --repair --adopt"
    ) as error:
        job.read_manifest_index(job_of(made))
    assert error.value.exit_code == 3
    assert (made.manifest / "torn.parquet").read_bytes() == b"PAR1"


def test_adopting_writes_rows_with_the_lines_of_the_input(made: Output) -> None:
    for path in fragment_paths(made.manifest):
        path.unlink()
    (made.out / "other.json").write_bytes((made.out / "waving.json").read_bytes())
    of = job_of(made, adopt=True, dry_run=True)
    assert len(job.read_manifest_index(of).table) == 0
    assert messages(of)[0] == "--adopt would write rows for 5 poses; the plan does not count them"
    of = job_of(made, adopt=True)
    assert len(job.read_manifest_index(of).table) == 5
    assert messages(of)[0] == "adopted: 5 poses"
    assert messages(of)[1].startswith("  not adopted: other: ")
    assert sorted(manifest.read_manifest(made.manifest)["line"]) == [1, 2, 3, 4, 5]


def test_claiming_merges_fragments_and_says_so(made: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(manifest, "compact", partial(manifest.compact, above=1))
    of = job_of(made)
    job.claim(of)
    assert messages(of) == []
    manifest.write_fragment(made.manifest, manifest.read_table(made.manifest), "x", fsync=False)
    job.claim(of)
    assert messages(of) == ["manifest: 2 fragments merged"]
    assert manifest.owner_of(open_folder(made.manifest)) == str(made.out)


def test_nothing_is_checked_or_made_where_nothing_is_to_do(made: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    of = job_of(made)
    plan = make_plan(of.captions, job.read_manifest_index(of), of.config, "fake-1")
    monkeypatch.setattr(job.preflight, "check_machine", lambda *_: pytest.fail("nothing is to do"))
    job.check(of, plan)


# A whole run without its work


@pytest.mark.usefixtures("known_model")
def test_a_dry_run_writes_nothing(output: Output, tmp_path: Path) -> None:
    before = sorted(tmp_path.rglob("*"))
    summary = job.generate(replace(output.config, dry_run=True))
    assert (len(summary.plan.work), summary.run_id, summary.stopped, summary.exit_code) == (5, "", False, 0)
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.usefixtures("known_model")
def test_a_run_that_finds_all_done_starts_no_cluster(made: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = executed(monkeypatch, None)
    summary = job.generate(made.config)
    assert (calls, summary.plan.done, summary.left, summary.exit_code) == ([], 5, 0, 0)
    assert read_state(made.out).state == ENDED


@pytest.mark.usefixtures("known_model")
def test_the_result_of_the_work_is_the_summary(output: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = executed(monkeypatch, (Tally(made=3), True))
    summary = job.generate(output.config)
    assert len(calls) == 1
    assert (summary.tally.made, summary.stopped, summary.left, summary.signal) == (3, True, 2, 0)
    assert (summary.final_dir, summary.manifest) == (output.config.final_dir, output.config.manifest)
    assert summary.seconds >= 0
    state = read_state(output.out)
    assert (state.run_id, state.total, state.done_before) == (summary.run_id, 5, 0)


@pytest.mark.usefixtures("known_model")
def test_a_signal_before_the_first_wave_is_a_stop(output: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    executed(monkeypatch, Interrupted())
    summary = job.generate(output.config)
    assert (summary.stopped, summary.tally.made, summary.left) == (True, 0, 5)


@pytest.mark.usefixtures("known_model")
def test_an_error_during_the_work_is_logged_and_raised(output: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    executed(monkeypatch, ConfigError("no such GPU"))
    with pytest.raises(ConfigError):
        job.generate(output.config)
    log = Path(output.config.log_dir) / "run.log"
    assert "ended by ConfigError: no such GPU" in log.read_text()


# run.log


@pytest.fixture
def quiet() -> Iterator[None]:
    """Restores the logger of the package."""
    logger = logging.getLogger("posepipe")
    level, propagate = logger.level, logger.propagate
    yield
    logger.setLevel(level)
    logger.propagate = propagate


@pytest.mark.usefixtures("quiet")
def test_the_log_says_what_was_planned_and_is_closed(output: Output) -> None:
    text = Path(output.config.text_path)
    text.write_text("A person waving\nA person Waving\n" + "x" * 2_001 + "\n")
    of = job_of(output)
    plan = make_plan(of.captions, job.read_manifest_index(of), of.config, "fake-1")
    handlers = list(logging.getLogger("posepipe").handlers)
    for _ in range(2):
        with job._run_log(of, plan, "run", ["1 caption read in other words"]):
            logging.getLogger("posepipe").info("at work")
    assert logging.getLogger("posepipe").handlers == handlers
    folder = Path(output.config.log_dir)
    assert sorted(path.name for path in folder.iterdir()) == ["run.log", "run.log.1"]
    lines = [line.split(" ", 2)[2] for line in (folder / "run.log").read_text(encoding="utf-8").splitlines()]
    assert lines[0] == f"INFO run run: {text} -> {output.out}, manifest {output.manifest}"
    assert "INFO 1 caption read in other words" in lines
    assert "INFO to do 2, done 0, failed before 0" in lines
    assert f"WARNING {text}, line 3 left out: over 2,000 characters" in lines
    assert any(line.startswith("WARNING file name ") and "; also: " in line for line in lines)
    assert lines[-1] == "INFO at work"


def test_ids_of_only_reach_the_plan(made: Output, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(job.preflight, "resolve_model", lambda _: ("fake-1", 1.5))
    executed(monkeypatch, (Tally(), True))
    only = tmp_path / "only.txt"
    only.write_text(CAPTIONS[2])
    summary = job.generate(replace(made.config, only=str(only)))
    assert [summary.plan.work.caption(pose) for pose in np.arange(len(summary.plan.work))] == [CAPTIONS[2]]
