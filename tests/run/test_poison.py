"""A whole run over captions whose model attacks its worker: only they fail, and the run ends by itself.

The kinds that leave their process alive are also tested without a cluster, in tests/workers/test_poison.py.
"""

from __future__ import annotations

import re
from pathlib import Path

import poison_model
from runs import run, write_captions

import posepipe

BATCH_TIMEOUT = 5
SECONDS = 400
"""The run must end within this time. Each caption that kills its worker costs about four starts of a worker, and each
that blocks it about three times the timeout."""
ALIVE = (
    *("furious", "cancelled", "generator-exit", "system-exit", "ctrl-c", "unprintable", "odd-text", "disguised"),
    *("surrogates", "long-message", "forged-lines", "odd-name", "unpicklable", "group", "recursion", "no-memory"),
    *("nan", "too-few-poses", "too-many-poses", "generator", "ragged", "hostile-array"),
)
DEADLY = (
    *("exits", "killed", "segfault", "closes-everything", "leaks-files"),
    *("hangs", "hangs-with-the-lock", "prints-for-ever"),
)
CAPTIONS = 1000


def test_thirty_kinds_among_a_thousand(tmp_path: Path) -> None:
    kinds = dict(poison_model.expected())
    failing = {f"A person {kind}": kinds[kind] for kind in (*ALIVE, *DEADLY)}
    assert len(failing) == 30
    sound = [f"A person {kind}" for kind in sorted({*poison_model.HARMLESS, *poison_model.RIGHT})]
    sound += [f"A person plain {number}" for number in range(CAPTIONS - len(failing) - len(sound))]
    texts = list(sound)
    for place, text in enumerate(failing):
        texts.insert(33 * place + 10, text)
    write_captions(tmp_path / "c.txt", texts)
    options = ["--batch-timeout", str(BATCH_TIMEOUT), "--formats", "npy", "--no-fsync"]
    done = run(tmp_path, "c.txt", "--model", "poison_model:factory", *options, timeout=SECONDS)
    assert done.returncode == 1, done.stderr
    rows = posepipe.read_manifest(tmp_path / "manifests" / "SinglePose")
    failed = rows[rows.status == "failed"]
    assert failed.set_index("caption")["error_type"].to_dict() == failing, done.stderr
    assert set(rows[rows.status == "done"]["caption"]) == set(sound)
    deaths = int(re.findall(r"workers that died: (\d+)", done.stderr)[0])
    assert deaths <= 5 * len(DEADLY), done.stderr
    _check_texts(done.stdout, done.stderr, tmp_path)


def _check_texts(stdout: str, stderr: str, folder: Path) -> None:
    """No text of the model forges a line or an escape sequence, and none is stored in full."""
    assert stdout == ""
    for line in stderr.splitlines():
        assert line.isprintable(), line
    assert "printed" not in stderr
    logs = [path.read_text(encoding="utf-8") for path in sorted((folder / "logs").glob("*.log"))]
    assert any("printed by the model: " in log for log in logs)
    stamp = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} (INFO|WARNING|ERROR) "
    for log in logs:
        assert len(log) < 2_000_000
        entries = [line for line in log.split("\n") if re.match(stamp, line)]
        assert not [line for line in entries if re.match(stamp + "ended: forged", line)]
        assert all(line.isprintable() for line in log.split("\n"))
    manifest = sum(path.stat().st_size for path in (folder / "manifests" / "SinglePose").iterdir())
    assert manifest < 5_000_000
