"""A loopback hub with the layout of the official weights at the size of the golden set, for ``models fetch``."""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import torch
from fake_hub import Content, Hub

from posepipe.models.mardm import hub_files

GOLDEN = Path(__file__).parents[1] / "golden"
T2M = GOLDEN / "checkpoints" / "t2m"
STATISTICS = {
    "eval_mean.npy": (GOLDEN / "datasets" / "HumanML3D" / "Mean.npy").read_bytes(),
    "eval_std.npy": (GOLDEN / "datasets" / "HumanML3D" / "Std.npy").read_bytes(),
}
CHECKSUMS = {name: hashlib.sha256(content).hexdigest() for name, content in STATISTICS.items()}
RAW = "/neu-vi/MARDM/commit/utils/eval_mean_std/t2m"


def zipped(files: Iterable[tuple[str, bytes]]) -> bytes:
    """A zip archive of files by path; a path may occur twice."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as content:
        for name, data in files:
            content.writestr(name, data)
    return buffer.getvalue()


def with_optimizer(tar: Path, key: str) -> bytes:
    """A weight file as the reference's trainer writes it: plain and averaged weights, optimizer, scheduler, epoch."""
    content = torch.load(tar, weights_only=True)
    parameters = [torch.nn.Parameter(tensor.clone()) for tensor in content[key].values()]
    optimizer = torch.optim.AdamW(parameters, lr=1e-4)
    for parameter in parameters:
        parameter.grad = torch.ones_like(parameter)
    optimizer.step()
    scheduler = torch.optim.lr_scheduler.MultiStepLR(optimizer, milestones=[10, 20, 20])
    content |= {"opt": optimizer.state_dict(), "scheduler": scheduler.state_dict(), "ep": 3}
    buffer = io.BytesIO()
    torch.save(content, buffer)
    return buffer.getvalue()


@cache
def archive_of(part: hub_files.Part) -> bytes:
    """An official archive, with members that are not needed."""
    archive = hub_files.ARCHIVES[part]
    tar = T2M / archive.path.removeprefix("t2m/")
    key = {"autoencoder": "ae", "length_estimator": "estimator"}.get(part, "ema_mardm")
    folder = archive.member.split("/")[0]
    return zipped(
        [
            (f"{folder}/opt.txt", b"options of the training"),
            (f"{folder}/model/other.tar", b"not needed"),
            (archive.member, with_optimizer(tar, key)),
            (f"__MACOSX/{archive.member}", b"not needed"),
        ]
    )


def official_hub(clip: Path) -> Hub:
    """Repositories, revisions, archives and members as on the hub; statistics as on GitHub."""
    repositories: dict[str, dict[str, Content]] = {
        archive.repository: {"README.md": b"weights", archive.name: archive_of(part)}
        for part, archive in hub_files.ARCHIVES.items()
    }
    repositories[hub_files.CLIP_REPOSITORY] = {
        **{path.name: path.read_bytes() for path in clip.iterdir()},
        "flax_model.msgpack": b"not needed",
    }
    revisions = {archive.repository: archive.revision for archive in hub_files.ARCHIVES.values() if archive.revision}
    revisions[hub_files.CLIP_REPOSITORY] = hub_files.CLIP_REVISION
    raw = {f"{RAW}/{name}": content for name, content in STATISTICS.items()}
    return Hub(repositories, revisions, raw)


COMMAND = """
import sys
from posepipe.models.mardm import hub_files
hub_files.STATISTICS_URL, hub_files.STATISTICS_SHA256 = sys.argv[1], eval(sys.argv[2])
from posepipe.models.__main__ import main
sys.exit(main(sys.argv[3:]))
"""


def fetch(
    address: str, checkpoints: Path, *arguments: str, name: str = "mardm-sit-xl"
) -> subprocess.CompletedProcess[str]:
    """Run ``posepipe models fetch`` with no other server than the one at ``address``."""
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith("HF_")},
        "HF_ENDPOINT": address,
        "HF_HOME": str(checkpoints.parent / "hf"),
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "NO_PROXY": "127.0.0.1",
        "no_proxy": "127.0.0.1",
    }
    options = ["fetch", name, "--checkpoints", str(checkpoints), *arguments]
    command = [sys.executable, "-c", COMMAND, f"{address}{RAW}", repr(CHECKSUMS), *options]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)
