"""``posepipe models list`` and ``check``, and looking models up by name; ``fetch`` is in mardm/test_fetch.py."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from checkpoint_files import RunsCode, make_clip

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
    """All files of the SiT model; the width of the golden set is divisible by its 16 heads."""
    folder = tmp_path / "checkpoints"
    shutil.copytree(T2M, folder / "t2m", ignore=shutil.ignore_patterns("*DDPM*"))
    shutil.copytree(GOLDEN / "datasets" / "HumanML3D", folder / "HumanML3D")
    shutil.copytree(clip, folder / "clip")
    return folder


@pytest.fixture(autouse=True)
def _no_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    """Use no CLIP from the cache of the user who runs the tests."""
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
    # The text embeddings of the golden set have 24 values, like those of the CLIP made here.
    assert main(["check", str(checkpoints)]) == 0
    out = capsys.readouterr().out
    assert "complete: mardm-sit-xl" in out
    assert "latent_width=16" in out
    assert "length estimator  not here" in out
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
    assert f"{estimator} is not a complete weight file" in out
    assert "not a standard deviation" in out


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


def test_the_registry_loads_no_torch() -> None:
    code = (
        "import sys, posepipe.models as m; m.default_cfg('mardm-sit-xl')\n"
        "assert not {'torch', 'transformers', 'huggingface_hub'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("name", ["small", "mardm-sit-xl"])
def test_loading_a_model_imports_no_compiler(checkpoints: Path, name: str) -> None:
    """``torch._dynamo`` takes most of a second and 80 MB in each worker."""
    code = (
        "import sys, posepipe.models as m; m.load(sys.argv[1], 'cpu', checkpoints=sys.argv[2])\n"
        "assert not {'torch._dynamo', 'transformers'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code, name, str(checkpoints)], check=True)


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
        "my_models:wrong": r"method generate\(\) and a string fingerprint",
        ":factory": "not of the form",
    }.items():
        with pytest.raises(ConfigError, match=message):
            models.load(name, "cpu")
    with pytest.raises(ModuleNotFoundError, match="a_library"):
        models.load("needs_more:factory", "cpu")


def test_names_that_are_no_models() -> None:
    for call in (models.default_cfg, models.fingerprint, lambda name: models.load(name, "cpu")):
        with pytest.raises(ConfigError, match="use small, mardm-sit-xl, mardm-ddpm-xl, or package"):
            call("large")
