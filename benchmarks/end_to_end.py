"""CPU time per pose of run and verify with the bundled model, compared with one plain matplotlib 3D figure.

    python benchmarks/end_to_end.py [--poses 4000] [--model small]

Run and figure are measured in the same call, in CPU time of all processes. A run of few poses measures the start-up.
Then each stage is measured alone, in one process.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import numpy as np
from picture import plain, random_pose

CAPTIONS = Path(__file__).parent.parent / "posepipe" / "demo" / "captions.txt"
FEW = 16


def children_cpu() -> float:
    """CPU seconds of all child processes that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def whole_run(folder: Path, texts: list[str], model: str) -> tuple[float, float]:
    """CPU and wall-clock seconds of ``posepipe run`` and ``posepipe verify`` in a new folder."""
    folder.mkdir()
    (folder / "captions.txt").write_text("\n".join(texts) + "\n")
    before, started = children_cpu(), time.monotonic()
    for arguments in (["run", "captions.txt", "--model", model], ["verify"]):
        subprocess.run([sys.executable, "-m", "posepipe", *arguments], cwd=folder, check=True, capture_output=True)
    return children_cpu() - before, time.monotonic() - started


def stages_alone(folder: Path, texts: list[str], model_name: str) -> dict[str, float]:
    """CPU milliseconds per pose of each stage, in this process."""
    import torch

    from posepipe import models
    from posepipe.captions.reading import caption_id
    from posepipe.config import RunConfig
    from posepipe.picture import draw
    from posepipe.storage.stores import FileStore
    from posepipe.workers.contract import INFER, WORK_COLUMNS, RunContext
    from posepipe.workers.infer import infer_partition
    from posepipe.workers.publish import publish_partition

    torch.set_num_threads(1)
    import pandas as pd

    config = RunConfig(
        text_path="x", final_dir=str(folder / "o"), manifest=str(folder / "m"), model=model_name,
        cfg=models.default_cfg(model_name),
    )  # fmt: skip
    FileStore(config.final_dir, config.temp_dir).prepare()
    loaded = models.load(model_name, "cpu")
    context = RunContext(config, "bench", loaded.fingerprint)

    class State:
        name, device = "cpu0", "cpu"

        def model(self) -> Any:
            return loaded

        def deadline(self, *_: Any) -> Any:
            return nullcontext()

        def note(self, _: Any) -> None:
            return None

    rows = [
        dict.fromkeys(WORK_COLUMNS)
        | {"caption_id": caption_id(text), "variant": 0, "caption": text, "line": i, "stem": f"s{i}", "length": 16}
        | {"settings_id": "x", "attempts": 1, "mode": INFER, "partition": 0}
        for i, text in enumerate(texts)
    ]
    work = pd.DataFrame(rows, dtype=object)
    publish_partition(infer_partition(work.iloc[:FEW], context, State()), context, State())  # warm-up

    def measured(body: Callable[[], Any]) -> tuple[float, Any]:
        before = time.process_time()
        result = body()
        return (time.process_time() - before) / len(texts) * 1e3, result

    infer, poses = measured(lambda: infer_partition(work, context, State()))
    publish, _ = measured(lambda: publish_partition(poses, context, State()))
    joints = [np.frombuffer(j, np.float32).reshape(22, 3) for j in poses["joints"]]
    drawing, _ = measured(lambda: [draw(j, text) for j, text in zip(joints, texts, strict=True)])
    return {"infer": infer, "publish": publish, "of which the picture": drawing}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--poses", type=int, default=4000)
    parser.add_argument("--model", default="small")
    options = parser.parse_args()
    base = CAPTIONS.read_text(encoding="utf-8").splitlines()
    texts = [f"{base[i % len(base)]}{' again' * (i // len(base))}" for i in range(options.poses)]
    rng = np.random.default_rng(0)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        few, _ = whole_run(folder / "few", texts[:FEW], options.model)
        cpu, wall = whole_run(folder / "all", texts, options.model)
        plain(random_pose(rng), "warm", 0)
        before = time.process_time()
        for i in range(20):
            plain(random_pose(rng), texts[i], i)
        figure = (time.process_time() - before) / 20
        print(f"{options.poses} poses, run and verify: {cpu:.1f} s CPU, {wall:.1f} s wall-clock time")
        print(f"  start-up (a run of {FEW}): {few:.1f} s CPU")
        each, lean = cpu / options.poses, (cpu - few) / (options.poses - FEW)
        print(f"  CPU per pose {each * 1e3:.1f} ms, {lean * 1e3:.1f} ms without start-up")
        print(
            f"  one plain matplotlib figure {figure * 1e3:.1f} ms CPU: ratio {each / figure:.2f}, {lean / figure:.2f}"
        )
        print("stages alone, CPU ms per pose:")
        for stage, milliseconds in stages_alone(folder, texts[:256], options.model).items():
            print(f"  {stage:<22}{milliseconds:6.2f}")


if __name__ == "__main__":
    main()
