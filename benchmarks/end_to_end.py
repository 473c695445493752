"""What a pose costs from captions to verified files, and how long a small run takes.

    python benchmarks/end_to_end.py [--poses 10000] [--runs 3]
    python benchmarks/end_to_end.py --parts few --against ../old/.venv/bin/python

Parts, each measured in alternating rounds of which the medians are printed:

whole
    ``posepipe run`` and ``posepipe verify`` over many captions: CPU time of all processes per pose, start-up included,
    over that of one plain matplotlib 3D figure drawn in the same round; the share of system time; wall-clock time over
    CPU time divided by the cores.
fsync
    The same run with and without ``--no-fsync``.
few
    ``posepipe run`` over a few captions: wall-clock and CPU time, also with the python of another checkout.
stages
    Each stage alone, in one process.

CPU times hold on a machine that does other work, roughly; wall-clock times need an idle one.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from picture import plain, random_pose

CAPTIONS: Final = Path(__file__).parent.parent / "posepipe" / "demo" / "captions.txt"
PARTS: Final = ("whole", "fsync", "few", "stages")
FIGURES: Final = 20
"""Plain figures per round."""
STAGE_POSES: Final = 256


@dataclass(frozen=True)
class Cost:
    """Seconds that commands took: user and system time of all their processes, and wall-clock time."""

    user: float
    system: float
    wall: float

    @property
    def cpu(self) -> float:
        return self.user + self.system

    @classmethod
    def median(cls, found: Sequence[Cost]) -> Cost:
        """The medians, each for itself."""
        return cls(*(statistics.median(getattr(cost, name) for cost in found) for name in ("user", "system", "wall")))


def captions(count: int) -> list[str]:
    """Different captions, of one or two clauses, from those of the demo."""
    base = CAPTIONS.read_text(encoding="utf-8").splitlines()
    texts = list(base)
    for shift in range(1, len(base)):
        texts += [f"{base[i]}, then {base[(i + shift) % len(base)][:1].lower()}{base[(i + shift) % len(base)][1:]}"
                  for i in range(len(base))]  # fmt: skip
    if count > len(texts):
        raise SystemExit(f"at most {len(texts):,} captions")
    return texts[:count]


def cost(python: str, texts: Sequence[str], *commands: Sequence[str]) -> Cost:
    """What commands of posepipe cost, one after the other, in a new folder with ``captions.txt``."""
    with tempfile.TemporaryDirectory() as name:
        Path(name, "captions.txt").write_text("\n".join(texts) + "\n", encoding="utf-8")
        before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        for arguments in commands:
            subprocess.run([python, "-m", "posepipe", *arguments], cwd=name, check=True, capture_output=True)
        wall, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return Cost(after.ru_utime - before.ru_utime, after.ru_stime - before.ru_stime, wall)


def figure() -> float:
    """CPU seconds of a plain figure, in this process."""
    rng = np.random.default_rng(0)
    plain(random_pose(rng), "warm", 0)
    before = time.process_time()
    for number in range(FIGURES):
        plain(random_pose(rng), f"a person who stands, number {number}", number)
    return (time.process_time() - before) / FIGURES


def whole(options: argparse.Namespace) -> None:
    """Print what a pose costs from its caption to the verified file."""
    texts, run = captions(options.poses), ["run", "captions.txt", "--model", options.model]
    costs, ratios = [], []
    for _ in range(options.runs):
        drawn = figure()
        costs.append(cost(sys.executable, texts, run, ["verify"]))
        ratios.append(costs[-1].cpu / len(texts) / drawn)
    found, cores = Cost.median(costs), len(os.sched_getaffinity(0))
    share = statistics.median(each.system / each.cpu for each in costs)
    waiting = statistics.median(each.wall / (each.cpu / cores) for each in costs)
    print(f"{len(texts):,} captions, run and verify: {found.wall:.1f} s, {found.cpu:.1f} s of CPU time")
    print(f"  CPU time per pose {found.cpu / len(texts) * 1e3:.1f} ms")
    print(f"  over one plain figure {statistics.median(ratios):.3f} ({_all(ratios)})")
    print(f"  system time / CPU time {share:.3f}")
    print(f"  wall-clock time / (CPU time / {cores} cores) {waiting:.3f}", flush=True)


def fsync(options: argparse.Namespace) -> None:
    """Print what syncing costs."""
    texts, run = captions(options.poses), ["run", "captions.txt", "--model", options.model]
    synced, unsynced = [], []
    for _ in range(options.runs):
        synced.append(cost(sys.executable, texts, run))
        unsynced.append(cost(sys.executable, texts, [*run, "--no-fsync"]))
    with_it, without = Cost.median(synced), Cost.median(unsynced)
    gains = [1 - fast.wall / slow.wall for fast, slow in zip(unsynced, synced, strict=True)]
    print(f"{len(texts):,} captions, run: {with_it.wall:.1f} s, {without.wall:.1f} s with --no-fsync")
    print(f"  gain in wall-clock time {statistics.median(gains):.3f} ({_all(gains)})")
    print(f"  gain in CPU time {1 - without.cpu / with_it.cpu:.3f}", flush=True)


def few(options: argparse.Namespace) -> None:
    """Print how long a small run takes, here and in another checkout."""
    texts, run = captions(options.few), ["run", "captions.txt", "--model", options.model]
    pythons = {"here": sys.executable} | ({"against": options.against} if options.against else {})
    costs: dict[str, list[Cost]] = {name: [] for name in pythons}
    for python in pythons.values():
        cost(python, texts[:1], run)  # compiles what has changed, and reads it from the disk
    for _ in range(options.runs):
        for name, python in pythons.items():
            costs[name].append(cost(python, texts, run))
    print(f"{len(texts):,} captions, run:")
    for name, found in costs.items():
        middle = Cost.median(found)
        print(f"  {name}: {middle.wall:.2f} s ({_all([each.wall for each in found])}), {middle.cpu:.2f} s of CPU time")
    if options.against:
        pairs = list(zip(costs["here"], costs["against"], strict=True))
        wall, cpu = [here.wall / old.wall for here, old in pairs], [here.cpu / old.cpu for here, old in pairs]
        print(f"  here / against: wall-clock time {statistics.median(wall):.3f} ({_all(wall)}), ", end="")
        print(f"CPU time {statistics.median(cpu):.3f} ({_all(cpu)})", flush=True)


def _all(values: Sequence[float]) -> str:
    return ", ".join(f"{value:.3f}" for value in values)


def stages(options: argparse.Namespace) -> None:
    """Print the CPU time per pose of each stage alone, in this process."""
    import pandas as pd
    import torch

    from posepipe import models
    from posepipe.config import RunConfig
    from posepipe.picture import draw
    from posepipe.storage.stores import FileStore
    from posepipe.workers.contract import RunContext
    from posepipe.workers.infer import infer_partition
    from posepipe.workers.publish import publish_partition

    torch.set_num_threads(1)
    texts = captions(STAGE_POSES)
    loaded = models.load(options.model, "cpu")

    class State:
        name, device = "cpu0", "cpu"

        def model(self) -> Any:
            return loaded

        def deadline(self, *_: Any) -> Any:
            return nullcontext(lambda _: None)

        def note(self, _: Any) -> None:
            return None

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        config = RunConfig(
            text_path="x", final_dir=str(folder / "o"), manifest=str(folder / "m"), model=options.model,
            cfg=models.default_cfg(options.model),
        )  # fmt: skip
        FileStore(config.final_dir, config.temp_dir).prepare()
        context = RunContext(config, "bench", loaded.fingerprint, models.default_temperature(options.model))
        work = pd.DataFrame(_rows(texts), dtype=object)
        publish_partition(infer_partition(work.iloc[:16], context, State()), context, State())  # warm-up

        def measured(name: str, body: Callable[[], Any]) -> Any:
            times = []
            for _ in range(options.runs):
                before = time.process_time()
                result = body()
                times.append((time.process_time() - before) / len(texts) * 1e3)
            print(f"  {name:<22}{statistics.median(times):6.2f}", flush=True)
            return result

        print("stages alone, CPU ms per pose:")
        poses = measured("infer", lambda: infer_partition(work, context, State()))
        rows = measured("publish", lambda: publish_partition(poses, context, State()))
        if failed := int((rows["status"] != "done").sum()):
            raise SystemExit(f"{failed} poses failed: the figures above mean nothing")
        joints = [np.frombuffer(each, np.float32).reshape(22, 3) for each in poses["joints"]]
        measured("of which the picture", lambda: [draw(j, text) for j, text in zip(joints, texts, strict=True)])


def _rows(texts: Sequence[str]) -> list[dict[str, Any]]:
    """Work of a first run, as the driver plans it."""
    from posepipe.captions.reading import caption_id
    from posepipe.workers.contract import INFER, WORK_COLUMNS

    common = {"variant": 0, "length": 16, "attempts": 1, "mode": INFER, "partition": 0}
    common |= {"after": 0, "pinned": False, "described": ""}
    return [
        dict.fromkeys(WORK_COLUMNS)
        | common
        | {"caption_id": caption_id(text), "caption": text, "line": i + 1, "source": "captions.txt", "stem": f"s{i}"}
        for i, text in enumerate(texts)
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--poses", type=int, default=10_000, help="captions of the parts whole and fsync")
    parser.add_argument("--few", type=int, default=64, help="captions of the part few")
    parser.add_argument("--runs", type=int, default=3, help="rounds, of which the median is printed")
    parser.add_argument("--model", default="small")
    parser.add_argument("--against", metavar="PYTHON", help="python of another checkout, for the part few")
    parser.add_argument("--parts", default=",".join(PARTS), help="which parts, separated by commas")
    options = parser.parse_args()
    parts = options.parts.split(",")
    if unknown := set(parts).difference(PARTS):
        parser.error(f"no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    for part in parts:
        globals()[part](options)


if __name__ == "__main__":
    main()
