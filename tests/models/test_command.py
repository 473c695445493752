"""``posepipe models``: the list, the check, and fetching from a hub on loopback; and the registry behind it."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from checkpoint_files import RunsCode, make_clip
from fake_hub import Hub, serve

from posepipe import models
from posepipe.errors import CheckpointNotFound, ConfigError
from posepipe.models.__main__ import main

GOLDEN = Path(__file__).parents[1] / "golden"
T2M = GOLDEN / "checkpoints" / "t2m"


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_clip(tmp_path_factory.mktemp("hub") / "clip-vit-base-patch32")


@pytest.fixture
def checkpoints(tmp_path: Path, clip: Path) -> Path:
    """All that the SiT model needs; its 16 heads fit the golden set's width."""
    folder = tmp_path / "checkpoints"
    shutil.copytree(T2M, folder / "t2m", ignore=shutil.ignore_patterns("*DDPM*"))
    shutil.copytree(GOLDEN / "datasets" / "HumanML3D", folder / "HumanML3D")
    shutil.copytree(clip, folder / "clip")
    return folder


@pytest.fixture(autouse=True)
def _no_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    """No CLIP from the cache of whoever runs the tests."""
    monkeypatch.setattr("posepipe.models.mardm.files._cached_clip", lambda: None)


def test_the_list_says_what_is_there(checkpoints: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["--checkpoints", str(checkpoints)], ["list", f"--checkpoints={checkpoints}"]):
        assert main(arguments) == 0
        out = capsys.readouterr().out
        assert "small " in out
        assert str(checkpoints / "t2m/MARDM_SiT_XL/model/latest.tar") in out
        assert "t2m/MARDM_DDPM_XL/model/latest.tar; hub repository cr8br0ze/MARDM_DDPM_XL" in out
    assert main(["--checkpoints", str(tmp_path / "nowhere")]) == 0
    assert "models fetch mardm-sit-xl" in capsys.readouterr().out


def test_a_sound_folder_checks(checkpoints: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.rmtree(checkpoints / "t2m" / "length_estimator")
    # Golden text embeddings are 24 wide, as the test's CLIP gives them.
    assert main(["check", str(checkpoints)]) == 0
    out = capsys.readouterr().out
    assert "complete: mardm-sit-xl" in out
    assert "latent_width=16" in out
    assert "length_estimator.zip" in out
    assert "fault" not in out


def test_a_folder_with_faults(checkpoints: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(T2M / "MARDM_DDPM_XL", checkpoints / "t2m" / "MARDM_DDPM_XL")
    estimator = next((checkpoints / "t2m" / "length_estimator").rglob("*.tar"))
    estimator.write_bytes(estimator.read_bytes()[:999])
    np.save(checkpoints / "HumanML3D" / "Std.npy", np.zeros(67))
    assert main(["check", str(checkpoints)]) == 1
    out = capsys.readouterr().out
    faults = [line for line in out.splitlines() if line.startswith("fault: ")]
    assert len(faults) == 3
    assert "16 attention heads" in out
    assert f"{estimator} is no whole weights file" in out
    assert "no standard deviation" in out


def test_what_cannot_be_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(tmp_path / "nowhere")]) == 2
    assert main(["check", str(tmp_path)]) == 1
    assert "mardm-ddpm-xl: missing: the autoencoder" in capsys.readouterr().out
    assert main(["fetch", "gpt"]) == 2
    assert "NAME gpt: give mardm-ddpm-xl or mardm-sit-xl" in capsys.readouterr().err


def test_trusted_code_is_left_behind(checkpoints: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = checkpoints / "t2m" / "AE" / "model" / "latest.tar"
    torch.save({**torch.load(path, weights_only=True), "code": RunsCode(tmp_path / "ran")}, path)
    assert main(["check", str(checkpoints)]) == 1
    assert "could run code" in capsys.readouterr().out
    assert not (tmp_path / "ran").exists()
    assert main(["check", "--trust", str(checkpoints)]) == 0
    assert f"wrote {path.with_suffix('.safetensors')}" in capsys.readouterr().out
    assert main(["check", str(checkpoints)]) == 0


def archive(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as content:
        for name, data in files.items():
            content.writestr(name, data)
    return buffer.getvalue()


@pytest.fixture
def hub(clip: Path) -> Iterator[Hub]:
    """The autoencoder in an archive, the weights bare, CLIP with files that are not needed."""
    weights = (T2M / "MARDM_SiT_XL" / "model" / "latest.tar").read_bytes()
    autoencoder = (T2M / "AE" / "model" / "latest.tar").read_bytes()
    repositories = {
        "cr8br0ze/MARDM_SiT_XL": {"README.md": b"weights", "model/latest.tar": weights},
        "cr8br0ze/AE_humanml3d": {"AE_humanml3d.zip": archive({"AE/model/latest.tar": autoencoder})},
        "openai/clip-vit-base-patch32": {
            **{path.name: path.read_bytes() for path in clip.iterdir()},
            "pytorch_model.bin": b"not needed",
            "flax_model.msgpack": b"not needed",
        },
    }
    with serve(Hub(repositories)) as running:
        yield running


def fetch(address: str, checkpoints: Path, name: str = "mardm-sit-xl") -> subprocess.CompletedProcess[str]:
    """The command as a user runs it, with nothing but loopback to talk to."""
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith("HF_")},
        "HF_ENDPOINT": address,
        "HF_HOME": str(checkpoints.parent / "hf"),
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "NO_PROXY": "127.0.0.1",
        "no_proxy": "127.0.0.1",
    }
    command = [sys.executable, "-m", "posepipe.models", "fetch", name, "--checkpoints", str(checkpoints)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)


def test_fetch_brings_all_that_the_hub_has(hub: Hub, tmp_path: Path) -> None:
    folder = tmp_path / "checkpoints"
    done = fetch(hub.address, folder)
    assert done.returncode == 1, done.stderr
    assert "Missing: the statistics (Mean.npy and Std.npy of HumanML3D" in done.stderr
    assert "length_estimator.zip" in done.stdout
    assert (folder / "AE_humanml3d" / "AE" / "model" / "latest.tar").exists()
    assert not (folder / "clip-vit-base-patch32" / "pytorch_model.bin").exists()
    assert not (folder / "clip-vit-base-patch32" / "flax_model.msgpack").exists()
    for name in ("Mean.npy", "Std.npy"):
        shutil.copy(GOLDEN / "datasets" / "HumanML3D" / name, folder / name)
    hub.requests.clear()
    again = fetch(hub.address, folder)
    assert again.returncode == 0, again.stderr
    assert "complete: mardm-sit-xl" in again.stdout
    assert not [path for method, path, _ in hub.requests if method == "GET" and "/resolve/" in path]
    model = models.load("mardm-sit-xl", "cpu", checkpoints=folder, solver_steps=2)
    assert model.fingerprint == models.fingerprint("mardm-sit-xl", folder)
    motions = model.generate(
        ["a person sits"], [1], sequence_length=16, time_steps=4, cfg=models.default_cfg("mardm-sit-xl")
    )
    assert motions.shape == (1, 16, 22, 3)


def test_a_download_that_broke_off_goes_on(hub: Hub, tmp_path: Path) -> None:
    large = np.random.default_rng(0).bytes(24_000_000)  # the client keeps whole blocks of 10 MiB
    hub.repositories["cr8br0ze/MARDM_SiT_XL"]["optimiser.state"] = large
    hub.cut["optimiser.state"] = 15_000_000
    done = fetch(hub.address, tmp_path / "checkpoints")
    assert (tmp_path / "checkpoints" / "MARDM_SiT_XL" / "optimiser.state").read_bytes() == large, done.stderr
    ranges = [asked for method, path, asked in hub.requests if method == "GET" and path.endswith("optimiser.state")]
    assert ranges[0] is None
    assert all(asked is not None and not asked.startswith("bytes=0-") for asked in ranges[1:])
    assert len(ranges) > 1
    assert "Traceback" not in done.stderr


def test_repositories_that_cannot_be_had(hub: Hub, tmp_path: Path) -> None:
    hub.refuse["cr8br0ze/AE_humanml3d"] = 403
    done = fetch(hub.address, tmp_path / "checkpoints", "mardm-ddpm-xl")
    assert done.returncode == 1
    assert "has no repository cr8br0ze/MARDM_DDPM_XL" in done.stderr
    assert "cr8br0ze/AE_humanml3d asks for its terms" in done.stderr
    assert "clip-vit-base-patch32" in done.stdout  # the others are fetched all the same
    assert "Traceback" not in done.stderr


def test_a_hub_that_fails_or_is_not_there(hub: Hub, tmp_path: Path) -> None:
    hub.refuse["cr8br0ze/MARDM_SiT_XL"] = 501
    done = fetch(hub.address, tmp_path / "checkpoints")
    assert done.returncode == 3
    assert "refused cr8br0ze/MARDM_SiT_XL" in done.stderr
    gone = fetch("http://127.0.0.1:9", tmp_path / "checkpoints")
    assert gone.returncode == 3
    assert "cannot be reached" in gone.stderr
    for line in (done.stderr, gone.stderr):
        assert "Traceback" not in line
        assert len(line.strip().splitlines()) == 1


def test_the_registry_loads_no_torch() -> None:
    code = (
        "import sys, posepipe.models as m; m.default_cfg('mardm-sit-xl')\n"
        "assert not {'torch', 'transformers', 'huggingface_hub'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_fingerprints_without_torch(checkpoints: Path) -> None:
    code = (
        "import sys, posepipe.models as m; print(m.fingerprint('mardm-sit-xl', sys.argv[1]))\n"
        "assert 'torch' not in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", code, str(checkpoints)], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == models.fingerprint("mardm-sit-xl", checkpoints)
    with pytest.raises(CheckpointNotFound, match="cr8br0ze/MARDM_DDPM_XL"):
        models.fingerprint("mardm-ddpm-xl", checkpoints)


FACTORY = """
class Made:
    fingerprint = "mine"

    def __init__(self, device):
        self.device = device

    def generate(self, captions, seeds, **how):
        return None


def factory(device):
    return Made(device)


factory.default_cfg = 2.5
plain = Made
broken = 3


def wrong(device):
    return device
"""


def test_a_model_of_ones_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "my_models.py").write_text(FACTORY)
    (tmp_path / "needs_more.py").write_text("import a_library_that_is_not_there")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    model = models.load("my_models:factory", "cuda:1")
    assert (model.fingerprint, model.device) == ("mine", "cuda:1")  # type: ignore[attr-defined]
    assert models.fingerprint("my_models:factory") == "mine"
    assert models.default_cfg("my_models:factory") == 2.5
    assert models.default_cfg("my_models:plain") == 4.5
    for name, message in {
        "my_models:broken": "no function 'broken'",
        "my_models:nothing": "no function 'nothing'",
        "no_such_module:factory": "no module no_such_module",
        "my_models:wrong": "not both generate",
        ":factory": "not of the form",
    }.items():
        with pytest.raises(ConfigError, match=message):
            models.load(name, "cpu")
    with pytest.raises(ModuleNotFoundError, match="a_library"):
        models.load("needs_more:factory", "cpu")


def test_names_that_are_no_models() -> None:
    for call in (models.default_cfg, models.fingerprint, lambda name: models.load(name, "cpu")):
        with pytest.raises(ConfigError, match="take small, mardm-sit-xl, mardm-ddpm-xl, or package"):
            call("large")
