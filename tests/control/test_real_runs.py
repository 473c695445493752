"""Real runs that are paused, watched, resumed and stopped, or lose their terminal."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from pathlib import Path

from runs import artifacts, command, environment, run, start, wait_for, write_captions

from posepipe import read_manifest
from posepipe.control.state import ENDED, PAUSED, read_state


def test_a_run_whose_terminal_is_closed_ends_as_by_any_signal(tmp_path: Path) -> None:
    write_captions(tmp_path / "c.txt", [f"A person briefly {i}" for i in range(150)])
    main_end, far_end = os.openpty()
    process = subprocess.Popen(
        command(
            "run", "c.txt", "--formats", "npy", "--model", "fake_model:factory", "--workers", "1", "--gpus", "none"
        ),
        cwd=tmp_path,
        env=environment(),
        stdin=far_end,
        stdout=far_end,
        stderr=far_end,
        start_new_session=True,
    )
    os.close(far_end)
    try:
        wait_for(lambda: some_rows(tmp_path))
        os.close(main_end)  # from here on whatever it prints is an error
        process.send_signal(signal.SIGHUP)
        assert process.wait(timeout=60) == 129
    finally:
        process.kill()
    state = read_state(tmp_path / "SinglePose")
    assert (state.state, state.error) == (ENDED, "")
    assert state.left > 0


def some_rows(folder: Path) -> bool:
    """Whether a run in ``folder`` has written rows to its manifest."""
    table = folder / "manifests" / "SinglePose"
    return table.exists() and len(read_manifest(table)) > 0


def posepipe(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(*arguments), cwd=folder, env=environment(), capture_output=True, text=True)


def test_a_real_run_pauses_is_watched_goes_on_and_stops(tmp_path: Path) -> None:
    texts = [f"A person briefly {i}" for i in range(1_000)]
    write_captions(tmp_path / "c.txt", texts)
    out = tmp_path / "SinglePose"
    process = start(tmp_path, "c.txt", "--formats", "npy,json")

    wait_for(lambda: some_rows(tmp_path))
    paused = posepipe(tmp_path, "pause", "--release")
    assert paused.returncode == 0, paused.stderr
    state = read_state(out)
    assert state.state == PAUSED
    assert 0 < state.made < 1_000
    before = artifacts(out)
    assert len(before) == 2 * state.made
    seen = json.loads(posepipe(tmp_path, "watch", "--json").stdout)
    assert (seen["state"], seen["source"], seen["total"]) == ("paused", "scheduler", 1_000)
    assert (seen["made"], seen["failed"], seen["left"]) == (state.made, 0, 1_000 - state.made)
    assert [worker["name"] for worker in seen["workers"]] == ["cpu0", "cpu1"]
    assert {worker["state"] for worker in seen["workers"]} == {"idle"}
    assert sum(worker["written"] for worker in seen["workers"]) == state.made
    os.kill(process.pid, signal.SIGSTOP)  # a driver that is held like this is none the worse for it
    time.sleep(1)
    os.kill(process.pid, signal.SIGCONT)
    assert artifacts(out) == before
    assert posepipe(tmp_path, "resume").returncode == 0
    wait_for(lambda: len(artifacts(out)) > len(before))
    stopped = posepipe(tmp_path, "stop")
    output, _ = process.communicate(timeout=60)
    assert (stopped.returncode, process.returncode) == (0, 0), output
    left = read_state(out).left
    assert f"{left} left" in stopped.stdout
    assert len(artifacts(out)) == 2 * (1_000 - left)
    assert run(tmp_path, "c.txt", "--formats", "npy,json").returncode == 0
    assert len(artifacts(out)) == 2_000
    assert before.items() <= artifacts(out).items()
    after = json.loads(posepipe(tmp_path, "watch", "--json").stdout)
    assert (after["state"], after["source"], after["done"], after["left"]) == ("done", "manifest", 1_000, 0)


def test_stop_wins_over_a_pause_at_the_same_time(tmp_path: Path) -> None:
    write_captions(tmp_path / "c.txt", [f"A person briefly {i}" for i in range(2000)])
    process = start(tmp_path, "c.txt", "--formats", "npy")
    wait_for(lambda: some_rows(tmp_path))
    asked = [
        subprocess.Popen(
            command(name), cwd=tmp_path, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for name in ("pause", "stop", "pause")
    ]
    answers = [one.communicate(timeout=120)[0] for one in asked]
    assert [one.returncode for one in asked] == [0, 0, 0]
    assert answers[1].startswith("stopped: ")
    assert process.wait(timeout=60) == 0
    assert read_state(tmp_path / "SinglePose").state == ENDED
    assert all(answer.startswith(("not paused, ", "paused: ")) for answer in (answers[0], answers[2]))
    assert [path.name for path in (tmp_path / "SinglePose").glob(".posepipe.r*")] == []
