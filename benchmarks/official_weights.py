"""The official weights at full size: fetch them from a hub on this machine, make 16 poses, measure disk and memory.

    python benchmarks/official_weights.py [--folder DIR] [--hub DIR] [--captions 16] [--workers 2]

Builds archives with the layout of the official ones (random weights: 291 million parameters, the averaged weights and
the optimizer's state; autoencoder, length estimator, CLIP), serves them on loopback, and then does what a user does:
``posepipe models fetch``, ``posepipe models check``, ``posepipe run``. Everything is in a temporary folder that is
deleted at the end; only archives in ``--hub`` stay, for the next time. It takes about 16 GB of disk, 8 GB of memory and
15 minutes on two cores.
"""

from __future__ import annotations

import argparse
import itertools
import json
import math
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "helpers"))
from fake_hub import Hub, serve, sha256
from official_hub import CHECKSUMS, COMMAND, RAW, STATISTICS

from posepipe.models.mardm import hub_files

CAPTIONS = Path(__file__).parent.parent / "posepipe" / "demo" / "captions.txt"
NEEDED = 16e9
"""Bytes of disk: archive served, archive fetched, weight file unpacked."""

Shapes = dict[str, tuple[int, ...]]


def linear(name: str, rows: int, columns: int) -> Shapes:
    return {f"{name}.weight": (rows, columns), f"{name}.bias": (rows,)}


def mardm_shapes() -> Shapes:
    """Names and shapes of SiT-XL as upstream has them."""
    d, width = 1024, 1792
    block, net = "MARTransformer.0", "DiffMLPs.net"
    shapes: Shapes = {"mask_latent": (1, 1, 512), "position_enc.pe": (5000, 1, d)}
    shapes |= linear("input_process.poseEmbedding", d, 512) | linear("cond_emb", d, 512)
    for name in ("key", "query", "value", "proj"):
        shapes |= linear(f"{block}.attn.{name}", d, d)
    shapes |= linear(f"{block}.mlp.fc1", 4 * d, d) | linear(f"{block}.mlp.fc2", d, 4 * d)
    shapes |= linear(f"{block}.adaLN_modulation.1", 6 * d, d)
    shapes |= linear(f"{net}.time_embed.mlp.0", width, 256) | linear(f"{net}.time_embed.mlp.2", width, width)
    shapes |= linear(f"{net}.cond_embed", width, d) | linear(f"{net}.input_proj", width, 512)
    for index in range(16):
        inner = f"{net}.res_blocks.{index}"
        shapes |= {f"{inner}.in_ln.weight": (width,), f"{inner}.in_ln.bias": (width,)}
        shapes |= linear(f"{inner}.mlp.0", width, width) | linear(f"{inner}.mlp.2", width, width)
        shapes |= linear(f"{inner}.adaLN_modulation.1", 3 * width, width)
    last = f"{net}.final_layer"
    return shapes | linear(f"{last}.linear", 512, width) | linear(f"{last}.adaLN_modulation.1", 2 * width, width)


def autoencoder_shapes() -> Shapes:
    """Names and shapes of the autoencoder."""

    def convolution(name: str, out: int, inward: int, taps: int) -> Shapes:
        return {f"{name}.weight": (out, inward, taps), f"{name}.bias": (out,)}

    def stack(name: str) -> Shapes:
        shapes: Shapes = {}
        for index in range(3):
            shapes |= convolution(f"{name}.model.{index}.conv1", 512, 512, 3)
            shapes |= convolution(f"{name}.model.{index}.conv2", 512, 512, 1)
        return shapes

    shapes = convolution("encoder.model.0", 512, 67, 3) | convolution("encoder.model.4", 512, 512, 3)
    shapes |= convolution("decoder.model.0", 512, 512, 3) | convolution("decoder.model.4", 512, 512, 3)
    shapes |= convolution("decoder.model.6", 67, 512, 3)
    for level in (2, 3):
        shapes |= convolution(f"encoder.model.{level}.0", 512, 512, 4) | stack(f"encoder.model.{level}.1")
        shapes |= stack(f"decoder.model.{level}.0") | convolution(f"decoder.model.{level}.2", 512, 512, 3)
    return shapes


def estimator_shapes() -> Shapes:
    """Names and shapes of the length estimator."""
    shapes: Shapes = {}
    for index, (rows, columns) in {0: (512, 512), 4: (256, 512), 8: (128, 256), 11: (50, 128)}.items():
        shapes |= linear(f"output.{index}", rows, columns)
        if index != 11:
            shapes |= {f"output.{index + 1}.weight": (rows,), f"output.{index + 1}.bias": (rows,)}
    return shapes


def clip_shapes() -> Shapes:
    """Names and shapes of CLIP ViT-B/32; of the vision half, which is not used, one tensor of its length."""
    shapes: Shapes = {"text_model.embeddings.token_embedding.weight": (49408, 512)}
    shapes |= {"text_model.embeddings.position_embedding.weight": (77, 512), "text_projection.weight": (512, 512)}
    norms = ["text_model.final_layer_norm"]
    for index in range(12):
        layer = f"text_model.encoder.layers.{index}"
        norms += [f"{layer}.layer_norm1", f"{layer}.layer_norm2"]
        for name in ("q_proj", "k_proj", "v_proj", "out_proj"):
            shapes |= linear(f"{layer}.self_attn.{name}", 512, 512)
        shapes |= linear(f"{layer}.mlp.fc1", 2048, 512) | linear(f"{layer}.mlp.fc2", 512, 2048)
    for norm in norms:
        shapes |= {f"{norm}.weight": (512,), f"{norm}.bias": (512,)}
    return shapes | {"vision_model.weights": (87_849_216,)}


def random_tensors(shapes: Shapes) -> dict[str, torch.Tensor]:
    """Normal weights of standard deviation 0.02; norms near 1."""
    tensors = {}
    for name, shape in shapes.items():
        tensors[name] = torch.randn(shape) * 0.02
        if len(shape) == 1 and name.endswith("weight"):
            tensors[name] += 1
    return tensors


def zip_weights(folder: Path, archive: hub_files.Archive, content: dict[str, Any]) -> None:
    """Write an archive with one weight file. Random weights shrink by a few percent, as real ones do."""
    tar, aside = folder / "weights.tar", folder / "archive.tmp"
    torch.save(content, tar)
    with zipfile.ZipFile(aside, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as zipped:
        zipped.write(tar, archive.member)
    tar.unlink()
    aside.rename(folder / archive.name)


def contents(part: str) -> dict[str, Any]:
    """The objects in a weight file, as the reference's trainer writes them."""
    if part == "autoencoder":
        return {"ae": random_tensors(autoencoder_shapes()), "ep": 49}
    if part == "length_estimator":
        return {"estimator": random_tensors(estimator_shapes()), "epoch": 7}
    averaged = random_tensors(mardm_shapes())
    moments = {
        index: {"step": torch.tensor(1.0), "exp_avg": torch.randn_like(tensor), "exp_avg_sq": torch.rand_like(tensor)}
        for index, tensor in enumerate(averaged.values())
    }
    plain = {name: tensor + 0.01 * torch.randn_like(tensor) for name, tensor in averaged.items()}
    optimizer = {"state": moments, "param_groups": []}
    return {"mardm": plain, "ema_mardm": averaged, "opt_mardm": optimizer, "ep": 499}


def build(folder: Path) -> Hub:
    """The hub; archives that are in the folder already are used again."""
    repositories: dict[str, dict[str, bytes | Path]] = {}
    revisions = {hub_files.CLIP_REPOSITORY: hub_files.CLIP_REVISION}
    for archive in hub_files.archives("sit"):
        path = folder / archive.name
        if not path.exists():
            zip_weights(folder, archive, contents(archive.part))
        repositories[archive.repository] = {archive.name: path}
        revisions[archive.repository] = str(archive.revision)
    repositories[hub_files.CLIP_REPOSITORY] = clip_repository(folder)
    for content in (content for files in repositories.values() for content in files.values()):
        sha256(content)  # now, as the client does not wait long for it
    return Hub(repositories, revisions, {f"{RAW}/{name}": content for name, content in STATISTICS.items()})


def clip_repository(folder: Path) -> dict[str, bytes | Path]:
    """CLIP ViT-B/32 as on the hub: text and vision weights in one file of torch, a vocabulary
    of bytes, with as many merges as the real one.
    """
    from posepipe.models.mardm.tokenizer import _LETTERS, END, START

    pieces = [*_LETTERS.values(), *(letter + "</w>" for letter in _LETTERS.values())]
    filler = [f"filler{index}" for index in range(49408 - len(pieces) - 2)]
    vocabulary = {piece: index for index, piece in enumerate((*pieces, *filler, START, END))}
    torch.save(random_tensors(clip_shapes()), folder / "pytorch_model.bin")
    return {
        "config.json": json.dumps({"model_type": "clip", "text_config": {"num_attention_heads": 8}}).encode(),
        "vocab.json": json.dumps(vocabulary).encode(),
        "merges.txt": "\n".join(["#version: 0.2", *map(" ".join, itertools.pairwise(filler))]).encode(),
        "pytorch_model.bin": folder / "pytorch_model.bin",
    }


class PeakMemory(threading.Thread):
    """Watches the Python processes below this one; the largest of each figure by process."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peaks: dict[int, dict[str, int]] = {}
        self.names: dict[int, str] = {}
        self._end = threading.Event()

    def run(self) -> None:
        while not self._end.wait(0.2):
            for process in Path("/proc").iterdir():
                if process.name.isdigit() and self._is_below(int(process.name)):
                    self._look(int(process.name))

    def stop(self) -> None:
        self._end.set()
        self.join()

    @staticmethod
    def _is_below(pid: int) -> bool:
        while pid > 1:
            if pid == os.getpid():
                return True
            try:
                pid = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, ValueError, IndexError):
                return False
        return False

    def _look(self, pid: int) -> None:
        try:
            status = Path(f"/proc/{pid}/status").read_text()
            self.names[pid] = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            return
        peaks = self.peaks.setdefault(pid, {})
        for field, kilobytes in re.findall(r"^(VmHWM|RssAnon|RssFile):\s+(\d+) kB", status, re.MULTILINE):
            peaks[field] = max(peaks.get(field, 0), int(kilobytes) * 1024)


def measured(command: list[str], folder: Path, environment: dict[str, str]) -> tuple[float, PeakMemory, str]:
    """Seconds, memory and output of a command, which must succeed."""
    watch = PeakMemory()
    watch.start()
    started = time.monotonic()
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    seconds = time.monotonic() - started
    watch.stop()
    if done.returncode:
        sys.exit(f"{' '.join(command[:6])} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}")
    return seconds, watch, done.stdout


def length_of(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


class PeakDisk(threading.Thread):
    """The most bytes that a folder held."""

    def __init__(self, folder: Path) -> None:
        super().__init__(daemon=True)
        self.folder, self.peak = folder, 0
        self._end = threading.Event()

    def run(self) -> None:
        while not self._end.wait(0.2):
            try:
                self.peak = max(self.peak, length_of(self.folder))
            except OSError:
                continue  # a file was moved meanwhile

    def stop(self) -> int:
        self._end.set()
        self.join()
        return self.peak


def report_fetch(hub: Hub, folder: Path, environment: dict[str, str]) -> None:
    disk = PeakDisk(folder)
    disk.start()
    before = shutil.disk_usage(folder).free
    command = [sys.executable, "-c", COMMAND, f"{hub.address}{RAW}", repr(CHECKSUMS), "fetch", "mardm-sit-xl"]
    seconds, memory, output = measured(command, folder, environment)
    peak = disk.stop()
    after = shutil.disk_usage(folder).free
    print("\n".join(f"  | {line}" for line in output.splitlines()))
    process = max(memory.peaks.values(), key=lambda peaks: peaks.get("VmHWM", 0))
    print(f"fetch: {seconds:.0f} s; peak memory {process['VmHWM'] / 1e9:.2f} GB, mapped files included "
          f"({process['RssAnon'] / 1e9:.2f} GB without)")  # fmt: skip
    print(f"disk: {peak / 1e9:.2f} GB at most, {length_of(folder) / 1e9:.2f} GB afterwards; "
          f"free {before / 1e9:.1f} GB before, {after / 1e9:.1f} GB after")  # fmt: skip


def report_run(folder: Path, captions: int, workers: int, size: int, environment: dict[str, str]) -> None:
    texts = CAPTIONS.read_text(encoding="utf-8").splitlines()[:captions]
    (folder / "captions.txt").write_text("\n".join(texts) + "\n")
    options = ["--model", "mardm-sit-xl", "--gpus", "none", "--workers", str(workers)]
    command = [sys.executable, "-m", "posepipe", "run", "captions.txt", *options]
    seconds, memory, output = measured(command, folder, environment)
    poses = [np.load(path) for path in (folder / "SinglePose").glob("*.npy")]
    print("\n".join(f"  | {line}" for line in output.splitlines()))
    print(f"run: {len(poses)} poses in {seconds:.0f} s")
    print(f"averaged weights: {size / 1e9:.3f} GB; by process, with the mapped files and without:")
    for pid, peaks in sorted(memory.peaks.items(), key=lambda item: -item[1].get("VmHWM", 0)):
        share = peaks.get("VmHWM", 0) / size
        if share > 0.05:
            what = "worker" if "spawn" in memory.names[pid] else memory.names[pid][-40:].strip()
            print(f"  {what:42}{peaks['VmHWM'] / 1e9:6.2f} GB = {share:.2f} x, {peaks['RssAnon'] / 1e9:.2f} GB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", metavar="DIR", help="where the temporary folder is made")
    parser.add_argument("--hub", metavar="DIR", help="where archives are built and kept for the next time")
    parser.add_argument("--captions", type=int, default=16)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    torch.manual_seed(0)
    if shutil.disk_usage(options.folder or tempfile.gettempdir()).free < NEEDED:
        print(f"not run: it needs {NEEDED / 1e9:.0f} GB of free disk; --folder names another place")
        return
    with tempfile.TemporaryDirectory(dir=options.folder) as name:
        served, folder = Path(options.hub or f"{name}/hub"), Path(name) / "user"
        served.mkdir(exist_ok=True)
        folder.mkdir()
        started = time.monotonic()
        hub = build(served)
        archive = served / hub_files.ARCHIVES["sit"].name
        size = sum(4 * math.prod(shape) for shape in mardm_shapes().values())
        print(
            f"built in {time.monotonic() - started:.0f} s: {archive.name} has {archive.stat().st_size:,} bytes",
            flush=True,
        )
        environment = {key: value for key, value in os.environ.items() if not key.startswith("HF_")}
        with serve(hub):
            environment |= {"HF_ENDPOINT": hub.address, "HF_HOME": str(folder / "hf"), "HF_HUB_DISABLE_TELEMETRY": "1"}
            environment |= {"NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}
            report_fetch(hub, folder, environment)
        if not options.hub:
            shutil.rmtree(served)
        _, _, checked = measured(
            [sys.executable, "-m", "posepipe", "models", "check", "checkpoints"], folder, environment
        )
        print(f"check: {checked.splitlines()[-1]}")
        report_run(folder, options.captions, options.workers, size, environment)


if __name__ == "__main__":
    main()
