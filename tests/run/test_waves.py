"""Whole runs on a local cluster: same bits whatever the way, poison captions, resumption, refusals."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import pandas as pd
import pytest
from runs import artifacts, run, start, wait_for, write_captions

import posepipe

TEXTS = [f"A person number {i} waving" for i in range(40)]


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Artifacts of an undisturbed run."""
    folder = tmp_path_factory.mktemp("reference")
    write_captions(folder / "c.txt", TEXTS)
    done = run(folder, "c.txt", "--report", "report.html")
    assert done.returncode == 0, done.stderr
    report = (folder / "report.html").read_text()
    assert all(stage in report for stage in ("infer", "publish"))
    made = artifacts(folder / "SinglePose")
    assert len(made) == 3 * len(TEXTS)
    return made


def test_a_second_run_has_nothing_to_do(tmp_path: Path) -> None:
    write_captions(tmp_path / "c.txt", TEXTS[:3])
    assert run(tmp_path, "c.txt").returncode == 0
    before = {p.name: p.stat().st_mtime_ns for p in (tmp_path / "SinglePose").iterdir() if p.name[0] != "."}
    again = run(tmp_path, "c.txt")
    assert again.returncode == 0
    assert "nothing to do, 3 were there" in again.stderr
    assert before == {p.name: p.stat().st_mtime_ns for p in (tmp_path / "SinglePose").iterdir() if p.name[0] != "."}
    assert sorted(p.name for p in (tmp_path / "logs").iterdir()) == [
        "cpu0.log.1",
        "cpu1.log.1",
        "run.log",
        "run.log.1",
    ]


def test_order_workers_batch_and_slices_do_not_matter(tmp_path: Path, reference: dict[str, bytes]) -> None:
    write_captions(tmp_path / "c.txt", TEXTS[::-1])
    assert run(tmp_path, "c.txt", "--workers", "1", "--batch-size", "7", "--limit", "25").returncode == 0
    assert len(artifacts(tmp_path / "SinglePose")) == 75
    assert run(tmp_path, "c.txt", "--start", "25").returncode == 0
    assert artifacts(tmp_path / "SinglePose") == reference


def test_killed_in_the_middle_it_goes_on_to_the_same_bits(tmp_path: Path, reference: dict[str, bytes]) -> None:
    write_captions(tmp_path / "c.txt", [*TEXTS, *(f"A person slowly {i}" for i in range(100))])
    process = start(tmp_path, "c.txt")
    out, table = tmp_path / "SinglePose", tmp_path / "manifests" / "SinglePose"

    def some_rows() -> bool:
        fragments = list(table.glob("*.parquet"))
        return bool(fragments) and len(pd.read_parquet(table)) > 0  # readable at any moment

    wait_for(some_rows)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    wait_for(lambda: _orphans(tmp_path) == [], 30)
    rows = posepipe.read_manifest(table)
    assert 0 < len(rows) < 140
    for stem in rows["stem"]:
        assert all((out / f"{stem}.{e}").stat().st_size for e in ("npy", "json", "png"))
    (out / "half.npy").unlink(missing_ok=True)
    done = run(tmp_path, "c.txt")
    assert done.returncode == 0, done.stderr
    made = artifacts(out)
    assert len(made) == 420
    assert {name: made[name] for name in reference} == reference
    assert list((tmp_path / "SinglePose_temp").glob("*.npy")) == []


def _orphans(folder: Path) -> list[str]:
    """Processes whose working directory is the folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "cwd").resolve() == folder:
                found.append(process.name)
        except OSError:
            continue
    return found


def test_poison_captions_fail_alone(tmp_path: Path) -> None:
    bad = {"raise": "ZeroDivisionError", "nan": "NonFinitePose", "shape": "BadShape", "segfault": "WorkerDied"}
    bad |= {"hang": "BatchTimeout", "sigkill": "WorkerDied"}
    texts = [f"A person number {i}" for i in range(30)]
    for place, word in enumerate(bad):
        texts.insert(5 * place, f"please {word}")
    write_captions(tmp_path / "c.txt", texts)
    done = run(tmp_path, "c.txt", "--batch-timeout", "6")
    assert done.returncode == 1, done.stderr
    rows = posepipe.read_manifest(tmp_path / "manifests" / "SinglePose")
    failed = rows[rows.status == "failed"].set_index("caption")["error_type"].to_dict()
    assert failed == {f"please {word}": name for word, name in bad.items()}
    assert (rows.status == "done").sum() == 30
    hang = rows[rows.error_type == "BatchTimeout"].iloc[0]
    assert "fake_model.py" in hang.traceback
    log = (tmp_path / "logs" / "run.log").read_text()
    logs = log + "".join(p.read_text() for p in (tmp_path / "logs").glob("cpu*.log"))
    assert all(key in logs for key in rows[rows.status == "failed"]["caption_id"])
    again = run(tmp_path, "c.txt", "--retry-failed", "NonFinitePose")
    assert again.returncode == 1
    rows = posepipe.read_manifest(tmp_path / "manifests" / "SinglePose").set_index("caption")
    assert (rows.loc["please nan", "attempts"], rows.loc["please raise", "attempts"]) == (2, 1)


def test_changed_settings_stop_with_a_clear_message(tmp_path: Path) -> None:
    write_captions(tmp_path / "c.txt", TEXTS[:2])
    assert run(tmp_path, "c.txt").returncode == 0
    before = artifacts(tmp_path / "SinglePose")
    refused = run(tmp_path, "c.txt", "--cfg", "2.5")
    assert refused.returncode == 4
    assert "cfg was 4.5, now 2.5" in refused.stderr
    assert len(refused.stderr.splitlines()) == 1
    assert artifacts(tmp_path / "SinglePose") == before
    assert run(tmp_path, "c.txt", "--cfg", "2.5", "--on-mismatch", "keep").returncode == 0
    assert artifacts(tmp_path / "SinglePose") == before


def test_collisions_both_exist_and_foreign_files_are_not_overwritten(tmp_path: Path) -> None:
    write_captions(tmp_path / "c.txt", ["A person waving", "a person Waving.", "A person hopping"])
    out = tmp_path / "SinglePose"
    out.mkdir()
    (out / "hopping.npy").write_bytes(b"somebody's")
    (out / "hopping.json").write_text('{"caption": "somebody else"}')
    refused = run(tmp_path, "c.txt")
    assert refused.returncode == 4
    assert "hopping.json" in refused.stderr
    (out / "hopping.json").unlink()
    assert run(tmp_path, "c.txt").returncode == 0
    assert [path.read_bytes() for path in (out / ".set-aside").rglob("hopping.npy")] == [b"somebody's"]
    captions = {json.loads(p.read_text())["caption"] for p in out.glob("[!.]*.json")}
    assert captions == {"A person waving", "a person Waving.", "A person hopping"}


def test_what_is_wrong_with_the_whole_run_leaves_no_trace(tmp_path: Path) -> None:
    write_captions(tmp_path / "c.txt", TEXTS[:2])
    for arguments, code in [
        (("none.txt",), 2),
        (("c.txt", "--gpus", "7"), 2),
        (("c.txt", "--model", "mardm-sit-xl"), 2),
        (("c.txt", "--model", "no_such_module:factory"), 2),
        (("c.txt", "--on-collision", "error", "--limit", "x"), 2),
    ]:
        done = run(tmp_path, *arguments)
        assert done.returncode == code, (arguments, done.stderr)
        assert "Traceback" not in done.stderr
    assert sorted(p.name for p in tmp_path.iterdir()) == ["c.txt"]
    dry = run(tmp_path, "c.txt", "--dry-run")
    assert dry.returncode == 0
    assert "to do 2" in dry.stderr
    assert "space free" in dry.stderr
    assert sorted(p.name for p in tmp_path.iterdir()) == ["c.txt"]


def test_interrupt_drains_and_a_second_run_on_the_folder_is_refused(tmp_path: Path) -> None:
    write_captions(tmp_path / "c.txt", [f"A person slowly {i}" for i in range(400)])
    process = start(tmp_path, "c.txt")
    table = tmp_path / "manifests" / "SinglePose"
    wait_for(lambda: len(list(table.glob("*.parquet"))) > 1)  # the first has no rows
    refused = run(tmp_path, "c.txt")
    assert refused.returncode == 4
    assert f"pid {process.pid}" in refused.stderr
    os.kill(process.pid, signal.SIGINT)
    output, _ = process.communicate(timeout=120)
    assert process.returncode == 130, output
    assert "Traceback" not in output
    rows = posepipe.read_manifest(table)
    assert 0 < len(rows) < 400
    assert set(rows.status) == {"done"}
    assert len(artifacts(tmp_path / "SinglePose")) == 3 * len(rows)


def test_formats_variants_and_unusable_lines(tmp_path: Path) -> None:
    (tmp_path / "c.txt").write_bytes(b"A person one\n\xff\xfe bad\nA person two\nA  person one\n")
    first = run(tmp_path, "c.txt", "--formats", "npy", "--variants", "2")
    assert first.returncode == 1
    assert "line 2" in first.stderr
    assert len(artifacts(tmp_path / "SinglePose")) == 4
    before = artifacts(tmp_path / "SinglePose")
    run(tmp_path, "c.txt", "--variants", "2")
    after = artifacts(tmp_path / "SinglePose")
    assert len(after) == 12
    assert {name: after[name] for name in before} == before
    assert run(tmp_path, "c.txt", "--strict").returncode == 2
