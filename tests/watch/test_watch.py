"""The view of a run: from events, from a manifest, on the screen, for scripts."""

from __future__ import annotations

import contextlib
import io
import json
import re
import socket
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pynvml
import pytest
from rich.console import Console

from posepipe import manifest
from posepipe.control.lock import RunControl
from posepipe.control.scheduler_file import NAME, Access, published
from posepipe.control.state import ENDED, PAUSED, PAUSING, RUNNING, STATE_NAME, RunState, read_state
from posepipe.watch import __main__ as watch
from posepipe.watch import session as watch_session
from posepipe.watch.gpu_state import Gpu, gpu_of, read_gpus
from posepipe.watch.screen import count_phrases, screen, summary
from posepipe.watch.session import COLUMNS, Session, fill
from posepipe.watch.view import RateWindow, View

ROOT = Path(__file__).parents[2]
START = datetime(2026, 1, 1, tzinfo=UTC)
ZERO = START.timestamp()


def run_state(**changes: Any) -> RunState:
    state = RunState("r1", "m", "out", "t", "l", 1, "here", START.isoformat(), total=100, done_before=7)
    return replace(state, scheduler="tcp://x", **changes)


def event(name: str = "cpu0", process: int = 1, totals: Sequence[int] = (0, 0, 0), **more: Any) -> dict[str, Any]:
    counts = dict(zip(("joints", "poses", "failed"), totals, strict=True))
    return {"run": "r1", "name": name, "device": "cpu", "process": process, "totals": counts, **more}


def written(name: str, process: int, totals: Sequence[int], poses: int, failed: int = 0, **more: Any) -> dict[str, Any]:
    told = {"poses": poses, "failed": failed, "caption": "c", "stems": ["s"], "examples": [], "partition": 0}
    told |= {"unsure": 0, "unsure_examples": []} | more
    return event(name, process, totals, **told)


def tallied(made: int, *, partition: int = 0, failed: dict[str, int] | None = None, **more: Any) -> dict[str, Any]:
    tally = {
        "made": made,
        "failed": failed or {},
        "deaths": 0,
        "examples": {},
        "unsure": 0,
        "unsure_examples": [],
    } | more
    return {"run": "r1", "tally": tally, "partition": partition}


def view_of(*events: tuple[float, dict[str, Any]], **changes: Any) -> View:
    view = View("out", "m", run_state(**changes), held=True)
    for seconds, what in events:
        view.apply(ZERO + seconds, what)
    return view


def test_a_rate_is_that_of_the_last_minute() -> None:
    window = RateWindow()
    assert window.rate(50.0) == 0.0
    window.begin(100.0)
    window.add(110.0, 30)
    assert window.rate(115.0) == 2.0
    window.add(200.0, 60)
    assert window.rate(210.0) == 1.0
    assert window.rate(400.0) == 0.0


def test_counts_rates_and_the_time_left() -> None:
    view = view_of(
        (0, event(began=0)),
        (10, event(totals=(40, 0, 0), joints=40, caption="waving")),
        (20, written("cpu0", 1, (40, 38, 2), 38, 2)),
    )
    assert (view.made, view.failed, view.left, view.percent, view.done) == (38, 2, 60, 40.0, 45)
    assert view.minute_rate(ZERO + 20) == 42 / 20
    assert view.rate(ZERO + 40) == 1.0
    assert view.eta(ZERO + 20) == pytest.approx(60 / 2.1)
    assert count_phrases(view, ZERO + 20)[0] == "40/100 40%"
    assert view_of((0, event(began=0)), state=PAUSED).eta(ZERO + 20) is None


def test_somebody_who_comes_late_sees_the_totals() -> None:
    late = view_of(
        (499, tallied(60, partition=4)),
        (500, written("cpu0", 1, (60, 50, 1), 5, 1)),
        (501, written("cpu1", 2, (30, 20, 0), 2, partition=1)),
    )
    assert (late.made, late.failed, late.inferred) == (67, 1, 90)
    assert late.workers["cpu1"].totals["poses"] == 20
    assert late.workers["cpu1"].window.rate(ZERO + 501) > 0


def test_after_a_pause_the_minute_begins_anew() -> None:
    view = view_of((0, event(began=0)), (10, event(totals=(40, 0, 0), joints=40)))
    view.apply(ZERO + 50, {"run": "r1", "run_state": RUNNING})
    assert view.minute_rate(ZERO + 52) == view.workers["cpu0"].window.rate(ZERO + 52) == 0.0
    view.apply(ZERO + 54, event(totals=(60, 0, 0), joints=20))
    assert view.minute_rate(ZERO + 55) == 4.0


def test_a_worker_that_was_replaced_keeps_its_count_and_loses_its_stages() -> None:
    view = view_of(
        (0, event(began=0)),
        (1, written("cpu0", 1, (20, 10, 0), 10)),
        (2, event(process=9, state="started")),
    )
    assert view.workers["cpu0"].state == "idle"
    view.apply(ZERO + 3, written("cpu0", 9, (5, 4, 0), 4))
    assert dict(view.workers["cpu0"].totals) == {"joints": 25, "poses": 14}


def test_what_a_worker_is_at() -> None:
    view, states = view_of(), []
    steps: list[dict[str, Any]] = [{"state": "started"}, {"state": "loading"}, {"state": "loaded"}, {"began": 0}]
    steps += [
        {"state": "inferred"},
        {"state": "publishing"},
        {"began": 1},
        {"state": "published"},
        {"state": "inferred"},
    ]
    for second, step in enumerate(steps):
        view.apply(ZERO + second, event(**step))
        states.append(view.workers["cpu0"].state)
    assert states == ["idle", "loading", "idle", "infer", "idle", "publish", "infer + publish", "infer", "idle"]


def test_events_of_other_runs_are_left_alone() -> None:
    view = view_of((0, event() | {"run": "r0"}), (1, tallied(3) | {"run": "r0"}), (2, {"something": "else"}))
    assert (view.workers, view.source) == ({}, "manifest")


def test_failures_by_class_with_an_example() -> None:
    example = {"error_type": "NonFinitePose", "error": "NaN", "caption": "please nan", "caption_id": "ab"}
    died = {"error_type": "WorkerDied", "error": "gone", "caption": "boom", "caption_id": "cd"}
    view = view_of((0, written("cpu0", 1, (0, 0, 1), 0, 1, examples=[example])))
    assert [vars(f) for f in view.by_count()] == [example | {"count": 1}]
    failed = {"NonFinitePose": 2, "WorkerDied": 3}
    view.apply(ZERO + 1, tallied(5, failed=failed, deaths=4, examples={"WorkerDied": died}))
    assert [(f.error_type, f.count, f.caption) for f in view.by_count()] == [
        ("WorkerDied", 3, "boom"),
        ("NonFinitePose", 2, "please nan"),
    ]
    assert (view.made, view.failed, view.deaths) == (5, 5, 4)


def test_work_done_twice_is_not_counted_twice() -> None:
    view = view_of((0, written("cpu0", 1, (60, 60, 0), 60, partition=3)), (1, tallied(10, partition=2)))
    assert view.made == 70
    view.apply(ZERO + 2, tallied(10, partition=3, deaths=1))  # its worker died before the rows were written
    assert (view.made, view.left) == (10, 90)
    view.apply(ZERO + 3, written("cpu0", 2, (90, 90, 0), 90, partition=5))
    view.apply(ZERO + 4, tallied(100, partition=5, deaths=1))
    assert (view.made, view.left, view.percent) == (100, 0, 100.0)


@pytest.mark.parametrize(
    ("changes", "held", "state"),
    [
        ({}, True, "running"),
        ({"state": PAUSING}, True, "pausing"),
        ({"state": ENDED}, True, "starting"),
        ({"scheduler": None}, True, "starting"),
        ({"state": ENDED}, False, "stopped"),
        ({"state": ENDED, "total": 0}, False, "done"),
        ({"state": ENDED, "error": "MachineError: full"}, False, "broken"),
        ({}, False, "died"),
    ],
)
def test_the_state_of_a_run(changes: dict[str, Any], held: bool, state: str) -> None:
    assert View("out", "m", replace(run_state(), **changes), held=held).state == state


def rows() -> list[dict[str, Any]]:
    """Six poses of this run, two of them failed, and one of a run before it."""
    made = []
    for number in range(7):
        failed = number in (1, 4)
        made.append(
            {
                "caption_id": f"{number:016x}",
                "variant": 0,
                "caption": f"caption {number}",
                "stem": f"s{number}",
                "status": "failed" if failed else "done",
                "error_type": "BadShape" if failed else None,
                "error": f"shape of {number}" if failed else None,
                "flags": None if failed else "unsure,off_floor" if number in (0, 3) else "",
                "run_id": "r0" if number == 0 else "r1",
                "worker": f"cpu{number % 2}",
                "device": "cpu",
                "finished_at": START + timedelta(seconds=10 * number),
            }
        )
    return made


def test_a_view_of_the_manifest(tmp_path: Path) -> None:
    manifest.write_fragment(tmp_path / "m", rows(), "a", fsync=False)
    table = manifest.newest(manifest.read_table(tmp_path / "m", COLUMNS))
    view = View("out", "m", run_state(state=ENDED), held=False)
    fill(view, table)
    assert (view.made, view.failed, view.left, view.done) == (4, 2, 94, 5)
    assert (view.unsure, view.unsure_captions) == (1, ["caption 3"])
    assert (view.seconds(0), view.rate(0), view.minute_rate(0)) == (60.0, 0.1, 0.0)
    assert list(view.latest) == ["s2", "s3", "s5", "s6"]
    assert {w.name: (w.totals["poses"], w.totals["failed"], w.caption) for w in view.workers.values()} == {
        "cpu0": (2, 1, "caption 6"),
        "cpu1": (2, 1, "caption 5"),
    }
    assert [vars(f) for f in view.by_count()] == [
        {
            "error_type": "BadShape",
            "count": 2,
            "error": "shape of 1",
            "caption": "caption 1",
            "caption_id": f"{1:016x}",
        }
    ]
    text = "\n".join(summary(view, 0))
    assert "stopped: 4 of 100 made in 1:00 (0.1 a second), 5 done in all" in text
    assert "94 left" in text
    assert "unsure: 1, the model guessed; for example: caption 3" in text


def finished(tmp_path: Path, **changes: Any) -> Path:
    """An output folder whose run has ended."""
    manifest.write_fragment(tmp_path / "m", rows(), "a", fsync=False)
    state = run_state(manifest=str(tmp_path / "m"), made=4, failed=2, **changes)
    run_control = RunControl(tmp_path / "out", replace(state, total=6))
    run_control.update(state=ENDED)
    run_control.close()
    return tmp_path / "out"


def test_the_command_on_a_run_that_has_ended(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = finished(tmp_path)
    assert watch.main([str(out), "--json"]) == 0
    content = json.loads(capsys.readouterr().out)
    assert (content["state"], content["source"], content["made"], content["left"]) == ("done", "manifest", 4, 0)
    assert content["latest"] == ["s6", "s5", "s3", "s2"]
    assert content["workers"][0]["gpu"] is None
    assert watch.main([str(out), "--once"]) == 0
    assert "caption 6" in capsys.readouterr().out
    assert watch.main([str(out)]) == 0
    assert "done: 4 of 6 made" in capsys.readouterr().out


def test_every_key_of_the_json_is_in_the_help(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    watch.main([str(finished(tmp_path)), "--json"])
    content = json.loads(capsys.readouterr().out)
    with pytest.raises(SystemExit):
        watch.main(["--help"])
    words = set(re.findall(r"\w+", capsys.readouterr().out))
    keys = {*content, *content["workers"][0], *content["failures"][0], *Gpu.__dataclass_fields__}
    assert keys - words == set()


def test_the_documented_keys_of_the_json_are_those_that_there_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    watch.main([str(finished(tmp_path)), "--json"])
    content = json.loads(capsys.readouterr().out)
    table = (ROOT / "docs" / "looking.md").read_text("utf-8").partition("| key | meaning |")[2].partition("\n\n")[0]
    documented = [set(re.findall(r"`(\w+)`", row.split("|")[1])) for row in table.splitlines()[2:]]
    assert set().union(*documented) == {*content, "gpu"}
    rows_of = {row.split("`")[1]: row for row in table.splitlines()[2:]}
    worker, failure = rows_of["workers"], rows_of["failures"]
    assert set(re.findall(r"`(\w+)`", worker)) == {"workers", *content["workers"][0]}
    assert set(re.findall(r"`(\w+)`", failure)) == {"failures", *content["failures"][0]}


def test_a_manifest_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    manifest.write_fragment(tmp_path / "m", rows(), "a", fsync=False)
    assert watch.main([str(tmp_path / "none"), "--manifest", str(tmp_path / "m")]) == 0
    assert "5 poses done, 2 failed" in capsys.readouterr().out
    assert watch.main([str(tmp_path / "none")]) == 2
    assert "not the output of a run" in capsys.readouterr().err


def running(tmp_path: Path) -> RunControl:
    """A run in progress that says where its scheduler is."""
    state = read_state(finished(tmp_path))
    run_control = RunControl(tmp_path / "out", replace(state, state=RUNNING, scheduler="tls://127.0.0.1:1"))
    run_control.update()
    return run_control


@pytest.mark.parametrize("there", [True, False])
def test_a_run_whose_scheduler_is_out_of_reach_is_seen_through_its_manifest(
    tmp_path: Path, there: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch_session, "ATTACH_SECONDS", 0.2)
    run_control = running(tmp_path)
    with published(tmp_path / "out", Access("tcp://127.0.0.1:1")) if there else contextlib.nullcontext():
        session = Session(str(tmp_path / "out"), None)
    assert (session.view.state, session.view.source, session.view.made) == ("running", "manifest", 4)
    run_control.update(state=ENDED)
    run_control.close()
    assert not session.refresh().held
    assert session.read_manifest().state == "done"


@pytest.fixture
def foreign_scheduler() -> Iterator[tuple[str, list[object]]]:
    """The address of somebody else's scheduler, and the connections that were made to it."""
    connected: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def accept() -> None:
            with contextlib.suppress(OSError):
                while True:
                    connection, peer = server.accept()
                    connected.append(peer)
                    connection.close()

        thread = threading.Thread(target=accept)
        thread.start()
        yield f"tcp://127.0.0.1:{server.getsockname()[1]}", connected
        server.shutdown(socket.SHUT_RDWR)
        thread.join()


def test_a_folder_leads_to_no_scheduler_of_somebody_else(
    tmp_path: Path, foreign_scheduler: tuple[str, list[object]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A client unpickles what its scheduler answers, so an address that lies in a folder is not an invitation."""
    monkeypatch.setattr(watch_session, "ATTACH_SECONDS", 1)
    address, connected = foreign_scheduler
    out, beside = tmp_path / "out", tmp_path / "scheduler.json"
    content = json.dumps({"address": address})
    run_control = running(tmp_path)
    run_control.update(scheduler=address)
    state = json.loads((out / STATE_NAME).read_text())
    (out / STATE_NAME).write_text(json.dumps(state | {"scheduler_file": str(beside)}))
    for path in (beside, out / NAME):
        path.write_text(content)
        path.chmod(0o600)
    session = Session(str(out), None)
    assert (session.view.source, session.refresh().source, connected) == ("manifest", "manifest", [])
    with published(out, Access(address)):  # the run itself says so
        monkeypatch.setattr(watch_session, "RETRY_SECONDS", 0.0)
        session.refresh()
    assert connected != []
    run_control.close()


def drawn(view: View, gpus: dict[int, Gpu] | None = None, width: int = 120, height: int | None = None) -> str:
    stream = io.StringIO()
    Console(file=stream, width=width + 50, highlight=False).print(screen(view, gpus or {}, ZERO + 30, width, height))
    return stream.getvalue()


def test_captions_are_text_on_the_screen() -> None:
    nasty = "[red]bold[/red] \x1b[2J \x07 end"
    text = drawn(view_of((0, event(began=0, caption=nasty))))
    assert "[red]bold[/red] \\x1b[2J \\x07 end" in text
    assert "\x1b" not in text


def test_gpus_beside_their_workers_marked_when_hot() -> None:
    gpus = {3: Gpu(3, 97, 2**30, 80 * 2**30, 88, hot=True), 0: Gpu(0, 5, 2**30, 80 * 2**30, 40, hot=False)}
    view = view_of((0, event("gpu3", began=0) | {"device": "cuda:3"}), (0, event("cpu0")))
    lines = drawn(view, gpus).splitlines()
    (gpu_line,) = [line for line in lines if line.startswith("gpu3")]
    (cpu_line,) = [line for line in lines if line.startswith("cpu0")]
    assert "97 %" in gpu_line
    assert "1.0/80 GiB" in gpu_line
    assert "88 °C hot" in gpu_line
    assert "°C" not in cpu_line
    assert gpu_of("cuda:0", gpus) == gpus[0]
    assert gpu_of("cuda:1", gpus) is gpu_of("cpu", gpus) is None


def fake_nvml(monkeypatch: pytest.MonkeyPatch, *, tells_threshold: bool) -> None:
    def handle(number: int) -> int:
        if number > 1:
            raise pynvml.NVMLError(pynvml.NVML_ERROR_INVALID_ARGUMENT)
        return number

    def threshold(_: int, __: int) -> int:
        if not tells_threshold:
            raise pynvml.NVMLError(pynvml.NVML_ERROR_NOT_SUPPORTED)
        return 92

    answers = {
        "nvmlInit": lambda: None,
        "nvmlDeviceGetHandleByIndex": handle,
        "nvmlDeviceGetMemoryInfo": lambda _: SimpleNamespace(used=5, total=10),
        "nvmlDeviceGetUtilizationRates": lambda _: SimpleNamespace(gpu=50),
        "nvmlDeviceGetTemperature": lambda number, _: 86 + number,
        "nvmlDeviceGetTemperatureThreshold": threshold,
    }
    for name, answer in answers.items():
        monkeypatch.setattr(pynvml, name, answer)


def test_gpus_are_hot_near_the_point_where_they_slow_down(monkeypatch: pytest.MonkeyPatch) -> None:
    fake_nvml(monkeypatch, tells_threshold=True)
    gpus = read_gpus([0, 1, 7, 1])
    assert gpus == {0: Gpu(0, 50, 5, 10, 86, hot=False), 1: Gpu(1, 50, 5, 10, 87, hot=True)}
    fake_nvml(monkeypatch, tells_threshold=False)
    assert read_gpus([0])[0].hot


def test_no_gpu_no_question(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pynvml, "nvmlInit", lambda: pytest.fail("asked NVML for nothing"))
    assert read_gpus([]) == {}
