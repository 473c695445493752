"""Cost of pipeline and manifest per caption, and memory of the driver, with a model that takes almost no time.

    python benchmarks/scale.py [--captions 100000] [--workers 2]

There are two runs: one writes only manifest rows, the other also an NPY per caption in tar shards. The time is that of
the whole run. The driver process includes scheduler and plan.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent


def memory(pid: int) -> float:
    """Resident memory of a process, in MiB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def fragments(folder: Path) -> int:
    """Number of fragments of the manifest; each partition writes one."""
    return len(list(folder.glob("*.parquet")))


def run(folder: Path, model: str, workers: int, more: list[str]) -> None:
    """Run once and print time and memory."""
    folder.mkdir()
    arguments = ["run", str(folder.parent / "captions.txt"), "--model", f"nothing:{model}", "--workers", str(workers)]
    arguments += ["--gpus", "none", "--formats", "npy", "--no-fsync", "--dashboard-address", "127.0.0.1:0", *more]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.monotonic()
    with (folder / "told").open("w") as told:
        process = subprocess.Popen(
            [sys.executable, "-m", "posepipe", *arguments],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(HERE), "OMP_NUM_THREADS": "1"},
            stderr=told,
        )
        seen: list[tuple[int, float]] = []
        while process.poll() is None:
            time.sleep(1)
            if Path(f"/proc/{process.pid}/status").exists():
                seen.append((fragments(folder / "manifests" / "SinglePose"), memory(process.pid)))
    seconds = time.monotonic() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    count = sum(1 for _ in (folder.parent / "captions.txt").open())
    last = max(done for done, _ in seen)
    told_last = (folder / "told").read_text().splitlines()
    print(f"{model}: {' | '.join(line for line in told_last if line.startswith(('done', 'stopped', 'posepipe')))}")
    print(
        f"  exit code {process.returncode}, {seconds:.0f} s, {1000 * seconds / count:.2f} ms per caption, "
        f"{1000 * cpu / count:.2f} ms CPU"
    )
    for share in (0.01, 0.1, 0.25, 0.5, 0.75, 0.99):
        found = [held for done, held in seen if done >= share * last]
        if found:
            print(f"  driver at {share:4.0%} of the partitions: {found[0]:,.0f} MiB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--captions", type=int, default=100_000)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with (folder / "captions.txt").open("w") as stream:
            stream.writelines(f"A person doing pose number {i} slowly\n" for i in range(options.captions))
        run(folder / "rows", "without_artifacts", options.workers, [])
        run(folder / "shards", "factory", options.workers, ["--layout", "shards"])


if __name__ == "__main__":
    main()
