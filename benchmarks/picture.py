"""CPU time and size of a picture, compared with a plain matplotlib figure.

    python benchmarks/picture.py [--poses 500] [--plain 40] [--processes 2]

Both are measured in alternating rounds, in CPU time, so that other work on the machine has little effect. Several
processes are compared with one by wall-clock time, which needs an idle machine, and by CPU time.
"""

from __future__ import annotations

import argparse
import io
import multiprocessing
import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posepipe.picture import draw, png
from posepipe.picture.scene import DOTS_PER_INCH
from posepipe.skeleton import BONE_LENGTHS, CHAINS, NUM_JOINTS, PARENTS

Pose = NDArray[np.float64]

ROUNDS = 5
T_POSE = {
    "spine": (0.0, 1.0, 0.0),
    "right_leg": (0.0, -1.0, 0.0),
    "left_leg": (0.0, -1.0, 0.0),
    "right_arm": (-1.0, 0.0, 0.0),
    "left_arm": (1.0, 0.0, 0.0),
}
WHO = ("a person", "the man", "someone", "a woman", "the figure", "a dancer", "an old person")
WHAT = (
    "stands with the feet apart",
    "raises the left arm over the head",
    "bends both knees deeply",
    "looks over the right shoulder",
    "stretches the right arm straight out to the side at shoulder height",
    "holds both hands in front of the chest",
    "steps forward with the left foot",
    "leans to the side",
)


def random_pose(random: np.random.Generator) -> Pose:
    """A T-pose with every bone turned at random, standing on the floor."""
    joints = np.zeros((NUM_JOINTS, 3))
    limb_of = {joint: limb for limb, chain in CHAINS.items() for joint in chain[1:]}
    for joint in range(1, NUM_JOINTS):
        spread = 0.25 if limb_of[joint] == "spine" else 0.9
        direction = np.array(T_POSE[limb_of[joint]]) + random.normal(scale=spread, size=3)
        direction *= BONE_LENGTHS[joint] / np.linalg.norm(direction)
        joints[joint] = joints[PARENTS[joint]] + direction
    joints[:, 1] -= joints[:, 1].min()
    return joints


def random_caption(random: np.random.Generator) -> str:
    """One to four phrases."""
    phrases = random.choice(WHAT, size=random.integers(1, 5), replace=False)
    return f"{random.choice(WHO)} " + ", then ".join(phrases)


def plain(joints: Pose, caption: str, seed: int) -> bytes:
    """Draw as a simple script would: a new figure, 3D axes, savefig. Same size and resolution."""
    import matplotlib.pyplot as plt

    figure: Any = plt.figure(figsize=(8, 8), dpi=DOTS_PER_INCH)
    axes = figure.add_subplot(projection="3d")
    for chain in CHAINS.values():
        x, y, z = joints[list(chain)].T
        axes.plot(x, z, y, linewidth=4, marker="o")
    axes.set_xlim(-1, 1)
    axes.set_ylim(-1, 1)
    axes.set_zlim(0, 2)
    axes.view_init(elev=14, azim=-60)
    axes.set_title(f"{caption}\nseed {seed}", wrap=True)
    written = io.BytesIO()
    figure.savefig(written, format="png")
    plt.close(figure)
    return written.getvalue()


def ours(joints: Pose, caption: str, seed: int) -> bytes:
    """Draw with posepipe."""
    return draw(joints, caption, model="small", seed=seed)


Draws = Callable[[Pose, str, int], bytes]


def cpu(draws: Draws, work: Sequence[tuple[Pose, str]]) -> tuple[float, float]:
    """Mean CPU seconds and bytes per picture."""
    size, began = 0, time.process_time()
    for seed, (joints, caption) in enumerate(work):
        size += len(draws(joints, caption, seed))
    return (time.process_time() - began) / len(work), size / len(work)


def encoding(work: Sequence[tuple[Pose, str]]) -> float:
    """Mean CPU seconds of a picture that go into encoding its pixels as PNG."""
    spent = 0.0
    encode = png.encode

    def timed(*given: Any, **named: Any) -> bytes:
        nonlocal spent
        began = time.process_time()
        content = encode(*given, **named)
        spent += time.process_time() - began
        return content

    png.encode = timed
    try:
        cpu(ours, work)
    finally:
        png.encode = encode
    return spent / len(work)


def rate(work: Sequence[tuple[Pose, str]], start: Any, rates: Any) -> None:
    """Body of a process: measure pictures per second and per CPU second, after all processes are ready."""
    import cv2

    cv2.setNumThreads(1)
    cpu(ours, work)
    start.wait()
    began = time.perf_counter()
    seconds, _ = cpu(ours, work)
    rates.put((len(work) / (time.perf_counter() - began), 1 / seconds))


def together(processes: int, work: Sequence[tuple[Pose, str]]) -> tuple[float, float]:
    """Pictures per second of several processes together, by wall-clock time and by CPU time."""
    context = multiprocessing.get_context("spawn")
    start, rates = context.Barrier(processes), context.Queue()
    workers = [context.Process(target=rate, args=(work, start, rates)) for _ in range(processes)]
    for worker in workers:
        worker.start()
    measured = [rates.get() for _ in workers]
    for worker in workers:
        worker.join()
    return sum(wall for wall, _ in measured), sum(busy for _, busy in measured)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--poses", type=int, default=500, help="pictures to draw with posepipe (default 500)")
    parser.add_argument("--plain", type=int, default=40, help="plain figures to draw (default 40)")
    parser.add_argument("--processes", type=int, default=2, help="processes to compare with one (default 2)")
    options = parser.parse_args()

    random = np.random.default_rng(0)
    work = [(random_pose(random), random_caption(random)) for _ in range(options.poses)]
    cpu(ours, work[:1])
    cpu(plain, work[:1])
    ours_cpu, plain_cpu, ours_bytes, plain_bytes = [], [], [], []
    for number in range(ROUNDS):
        seconds, size = cpu(plain, work[: options.plain][number::ROUNDS])
        plain_cpu.append(seconds)
        plain_bytes.append(size)
        seconds, size = cpu(ours, work[number::ROUNDS])
        ours_cpu.append(seconds)
        ours_bytes.append(size)
    encode = encoding(work[:: max(1, options.poses // 50)])
    mine, theirs = statistics.median(ours_cpu), statistics.median(plain_cpu)
    print(f"plain figure   {1e3 * theirs:7.2f} ms CPU  {statistics.mean(plain_bytes) / 1e3:6.1f} KB")
    print(f"ours           {1e3 * mine:7.2f} ms CPU  {statistics.mean(ours_bytes) / 1e3:6.1f} KB")
    print(f"  encoding     {1e3 * encode:7.2f} ms CPU, the rest {1e3 * (mine - encode):.2f} ms")
    print(f"plain / ours   {theirs / mine:7.1f}   ({options.poses} pictures, medians of {ROUNDS} rounds)")
    share = work[: max(1, options.poses // 2)]
    (alone, alone_busy), (several, several_busy) = together(1, share), together(options.processes, share)
    print(f"{options.processes} processes    {several:7.0f} per second, {several / alone:.2f} times one ({alone:.0f})")
    print(
        f"  per CPU time {several_busy:7.0f} per second, {several_busy / alone_busy:.2f} times one ({alone_busy:.0f})"
    )


if __name__ == "__main__":
    main()
