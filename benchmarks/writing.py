"""Time and calls that the artifacts of a partition take to be written, compared with one fsync for each file.

    python benchmarks/writing.py [--poses 256] [--folder FOLDER] [--rounds 5]

All ways are measured in turns, on the file system of FOLDER. One call of fsync for each file is what posepipe did
before; ``threads`` is what it does where ``syncfs`` does not report errors.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from unittest.mock import patch

import numpy as np

from posepipe.storage import atomic, syncing
from posepipe.storage.stores import FileStore

SIZES = {"json": 3200, "npy": 392, "png": 60_000}
"""Bytes of the files of a pose."""

Files = dict[str, dict[str, bytes]]


def one_by_one(folder: Path, poses: Files) -> None:
    """Each file is written aside, forced to disk and moved; then the folder is forced."""
    for number, (path, files) in enumerate(poses.items()):
        for name, content in files.items():
            aside = folder / "aside" / f"{number}.{name}"
            atomic.write_new(aside, content)
            atomic.sync_file(aside)
            atomic.move(aside, folder / "out" / f"{path}.{name}")
    atomic.sync_folder(folder / "out")


def together(folder: Path, poses: Files, *, fsync: bool = True) -> None:
    """As posepipe does it."""
    store = FileStore(folder / "out", folder / "aside", fsync=fsync)
    for path, files in poses.items():
        store.publish(path, files)
    store.place()
    store.sync()


def by_threads(folder: Path, poses: Files) -> None:
    """As posepipe does it where ``syncfs`` does not report errors."""
    with patch.object(syncing, "reports_errors", lambda _: False):
        together(folder, poses)


def without_fsync(folder: Path, poses: Files) -> None:
    """With ``--no-fsync``."""
    together(folder, poses, fsync=False)


WAYS: dict[str, Callable[[Path, Files], None]] = {
    "one fsync per file": one_by_one,
    "one syncfs": together,
    "threads of fsync": by_threads,
    "no fsync": without_fsync,
}


def measured(way: Callable[[Path, Files], None], poses: Files, where: Path) -> tuple[float, float, int]:
    """Wall-clock and CPU milliseconds per pose, and the number of calls that force something to disk."""
    calls = [0]

    def counted(call: Callable[..., None]) -> Callable[..., None]:
        def counting(*arguments: object) -> None:
            calls[0] += 1
            call(*arguments)

        return counting

    with tempfile.TemporaryDirectory(dir=where) as name, ExitStack() as patches:
        folder = Path(name)
        FileStore(folder / "out", folder / "aside").prepare()
        for module, function in ((atomic, "sync_file"), (syncing, "sync_file_system")):
            patches.enter_context(patch.object(module, function, counted(getattr(module, function))))
        before, started = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
        way(folder, poses)
        wall, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall / len(poses) * 1e3, cpu / len(poses) * 1e3, calls[0]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--poses", type=int, default=256)
    parser.add_argument("--folder", type=Path, default=Path())
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    rng = np.random.default_rng(0)
    poses = {f"pose_{i}": {name: rng.bytes(size) for name, size in SIZES.items()} for i in range(options.poses)}
    found: dict[str, list[tuple[float, float, int]]] = {name: [] for name in WAYS}
    for _ in range(options.rounds):
        for name, way in WAYS.items():
            found[name].append(measured(way, poses, options.folder))
    first = median(wall for wall, _, _ in found["one fsync per file"])
    print(f"{options.poses} poses of three files; median of {options.rounds} rounds, ms per pose")
    for name, each in found.items():
        wall, cpu = median(wall for wall, _, _ in each), median(cpu for _, cpu, _ in each)
        print(f"  {name:<20}{wall:7.3f} wall{cpu:7.3f} CPU{each[0][2]:6d} calls   ratio {wall / first:.2f}")


if __name__ == "__main__":
    main()
