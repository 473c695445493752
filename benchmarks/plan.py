"""Time and memory of planning and of a query for failures, with N captions of which nine in ten are done.

Both are measured again after the fragments of the manifest have been merged.

python benchmarks/plan.py [N]
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROWS_PER_FRAGMENT = 10_000


def prepare(folder: Path, count: int) -> None:
    """Write the captions, and a manifest with rows for nine in ten, of which one in a thousand failed."""
    import pyarrow as pa

    from posepipe import manifest
    from posepipe.captions.reading import caption_id
    from posepipe.captions.stems import stem_of
    from posepipe.config import RunConfig

    texts = [f"A person doing pose number {i} slowly" for i in range(count)]
    (folder / "captions.txt").write_text("\n".join(texts) + "\n")
    settings = RunConfig(cfg=2.0).settings_id("fingerprint", 16)
    now = int(time.time() * 1e6)
    for start in range(0, count * 9 // 10, ROWS_PER_FRAGMENT):
        part = texts[start : min(start + ROWS_PER_FRAGMENT, count * 9 // 10)]
        ids = [caption_id(text) for text in part]
        failed = [i % 1000 == 0 for i in range(start, start + len(part))]
        columns: dict[str, Any] = {
            "caption_id": ids,
            "variant": [0] * len(part),
            "caption": part,
            "line": list(range(start + 1, start + len(part) + 1)),
            "stem": [stem_of(text, key) for text, key in zip(part, ids, strict=True)],
            "path": [stem_of(text, key) for text, key in zip(part, ids, strict=True)],
            "status": ["failed" if bad else "done" for bad in failed],
            "error_type": ["ValueError" if bad else None for bad in failed],
            "attempts": [1] * len(part),
            "seed": [3407] * len(part),
            "sequence_length": [16] * len(part),
            "settings_id": [settings] * len(part),
            **{f"{name}_sha256": [key * 4 for key in ids] for name in ("npy", "json", "png")},
            "finished_at": [now + i for i in range(start, start + len(part))],
        }
        arrays = [
            pa.array(columns[field.name], field.type) if field.name in columns else pa.nulls(len(part), field.type)
            for field in manifest.SCHEMA
        ]
        manifest.write_fragment(
            folder / "manifest", pa.Table.from_arrays(arrays, schema=manifest.SCHEMA), f"{start:09}", fsync=False
        )


def plan(folder: Path) -> None:
    """Read captions and manifest and plan; print time and memory."""
    from posepipe.captions.reading import read_captions
    from posepipe.config import RunConfig
    from posepipe.manifest.index import read_index
    from posepipe.run.plan import make_plan

    started = time.monotonic()
    captions = read_captions(folder / "captions.txt")
    read = time.monotonic()
    rows = read_index(folder / "manifest")
    known = time.monotonic()
    made = make_plan(captions, rows, RunConfig(text_path="x", cfg=2.0), "fingerprint")
    ended = time.monotonic()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(
        f"{len(captions):,} captions, {made.done:,} done, {len(made.work):,} to do: {ended - started:.1f} s "
        f"(captions {read - started:.1f}, manifest {known - read:.1f}, plan {ended - known:.1f}), {memory:.2f} GiB"
    )


def query(folder: Path) -> None:
    """Query the failures as a user would."""
    import pandas as pd

    import posepipe

    started = time.monotonic()
    failed = pd.read_parquet(folder / "manifest", filters=[("status", "==", "failed")])
    raw = time.monotonic()
    found = posepipe.read_manifest(folder / "manifest", status="failed")
    ended = time.monotonic()
    print(f"{len(failed):,} failures by pandas in {raw - started:.2f} s")
    print(f"{len(found):,} failures by read_manifest (newest rows only) in {ended - raw:.2f} s")


def compact(folder: Path) -> None:
    """Merge the fragments as a run does at its start."""
    from posepipe import manifest

    started = time.monotonic()
    merged = manifest.compact(folder / "manifest", fsync=False, above=10)
    manifest.sweep(folder / "manifest", after=0)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"{merged:,} fragments merged in {time.monotonic() - started:.1f} s, {memory:.2f} GiB")


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as name:
        prepare(Path(name), count)
        for step in ("plan", "query", "compact", "plan", "query"):
            subprocess.run([sys.executable, __file__, step, name], check=True)


if __name__ == "__main__":
    steps = {"plan": plan, "query": query, "compact": compact}
    if sys.argv[1:2] and sys.argv[1] in steps:
        steps[sys.argv[1]](Path(sys.argv[2]))
    else:
        main()
