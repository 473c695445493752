"""What TLS between scheduler and workers costs: two runs over the same captions, with and without it, in turns.

The model does no work, so that the figures are of the pipeline alone.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BODY = """
import sys
from posepipe.run import __main__, cluster
if sys.argv.pop(1) == "plain":
    cluster.security = lambda *_: None
if __name__ == "__main__":
    sys.exit(__main__.main(sys.argv[1:]))
"""


def measure(folder: Path, kind: str, captions: int) -> tuple[float, float]:
    """CPU and wall-clock seconds of one run, workers included."""
    with tempfile.TemporaryDirectory(dir=folder) as name:
        place = Path(name)
        (place / "run.py").write_text(BODY, encoding="utf-8")
        (place / "c.txt").write_text("".join(f"A person number {n}\n" for n in range(captions)), encoding="utf-8")
        arguments = ["c.txt", "--model", "nothing:factory", "--gpus", "none", "--workers", "2", "--formats", "npy"]
        before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        subprocess.run(
            [sys.executable, "run.py", kind, *arguments, "--dashboard-address", "127.0.0.1:0", "--no-fsync"],
            cwd=place,
            env={"PATH": "", "PYTHONPATH": str(Path(__file__).parent), "HOME": name},
            check=True,
            capture_output=True,
        )
        took = time.monotonic() - began
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, took


def main() -> None:
    """Print the medians of some runs of each kind, and the ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("captions", type=int, nargs="*", default=[10, 4000])
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        for captions in options.captions:
            found: dict[str, list[tuple[float, float]]] = {"tls": [], "plain": []}
            for _ in range(options.runs):
                for kind, times in found.items():
                    times.append(measure(Path(name), kind, captions))
            cpu, wall = ({k: statistics.median(t[i] for t in times) for k, times in found.items()} for i in (0, 1))
            for what, seconds in (("CPU time", cpu), ("wall clock", wall)):
                ratio = seconds["tls"] / seconds["plain"]
                print(
                    f"{captions:,} captions, {what}: TLS {seconds['tls']:.2f} s, plain {seconds['plain']:.2f} s, "
                    f"ratio {ratio:.3f}",
                    flush=True,
                )


if __name__ == "__main__":
    main()
