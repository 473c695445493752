"""Official weights: the layouts in which they are found, and damaged or wrong files."""

from __future__ import annotations

import pickle
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from checkpoint_files import RunsCode
from safetensors.torch import save_file
from torch import Tensor

from posepipe.errors import CheckpointError, CheckpointNotFound
from posepipe.models.mardm import checkpoint, files
from posepipe.models.mardm import tensors as tensor_files
from posepipe.models.mardm.hub_files import Kind

GOLDEN = Path(__file__).parents[2] / "golden"
T2M = GOLDEN / "checkpoints" / "t2m"
HEADS = 2


@pytest.fixture
def official(tmp_path: Path) -> Path:
    """A copy of the official layout that a test may damage."""
    shutil.copytree(T2M.parent, tmp_path / "checkpoints")
    shutil.copytree(GOLDEN / "datasets", tmp_path / "datasets")
    return tmp_path / "checkpoints"


def tensors(path: Path, key: str) -> dict[str, Tensor]:
    return dict(torch.load(path, weights_only=True)[key])


def found(folder: Path, kind: Kind = "sit") -> files.CheckpointFiles:
    return files.find(folder, kind, need_clip=False)


def relative(folder: Path, kind: Kind = "sit") -> str:
    return found(folder, kind).mardm.relative_to(folder.resolve()).as_posix()


def test_every_way_to_name_the_official_folder(official: Path) -> None:
    assert relative(official) == "t2m/MARDM_SiT_XL/model/latest.tar"
    assert relative(official, "ddpm") == "t2m/MARDM_DDPM_XL/model/latest.tar"
    assert relative(official.parent) == "checkpoints/t2m/MARDM_SiT_XL/model/latest.tar"
    assert relative(official / "t2m") == "MARDM_SiT_XL/model/latest.tar"
    assert found(official).mean == official.parent / "datasets" / "HumanML3D" / "Mean.npy"


def test_a_folder_of_downloads_with_names_of_its_own(tmp_path: Path) -> None:
    downloads = tmp_path / "downloads"
    places = {
        "AE": "AE_humanml3d/weights.pt",
        "MARDM_SiT_XL": "MARDM_SiT_XL/checkpoint.bin",
        "MARDM_DDPM_XL": "mardm-ddpm.pth",
        "length_estimator": "length.ckpt",
    }
    for name, place in places.items():
        (downloads / place).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(next((T2M / name).rglob("*.tar")), downloads / place)
    shutil.copy(GOLDEN / "datasets/HumanML3D/Mean.npy", downloads / "eval_mean.npy")
    shutil.copy(GOLDEN / "datasets/HumanML3D/Std.npy", downloads / "eval_std.npy")
    sit, ddpm = found(downloads), found(downloads, "ddpm")
    assert (sit.autoencoder, sit.mardm) == (downloads / places["AE"], downloads / places["MARDM_SiT_XL"])
    assert ddpm.mardm == downloads / places["MARDM_DDPM_XL"]
    assert sit.length_estimator == downloads / places["length_estimator"]
    assert checkpoint.load_weights(sit, heads=HEADS).transformer.config.width == 16


def test_bare_tensors_and_safetensors(tmp_path: Path, official: Path) -> None:
    path = found(official).mardm
    state = tensors(path, "ema_mardm")
    expected, _ = checkpoint.load_networks(path, heads=HEADS)
    for target, write in ((tmp_path / "a" / "sit.pt", torch.save), (tmp_path / "b" / "sit.safetensors", save_file)):
        target.parent.mkdir()
        write(state, target)
        network, _ = checkpoint.load_networks(target, heads=HEADS)
        assert torch.equal(network.text.weight, expected.text.weight)
        assert files.survey(target.parent).parts == {"sit": (target,)}


def test_the_format_before_torch_1_6(official: Path) -> None:
    path = found(official).autoencoder
    content = torch.load(path, weights_only=True)
    torch.save(content, path, _use_new_zipfile_serialization=False)
    assert not zipfile.is_zipfile(path)
    assert found(official).autoencoder == path
    assert checkpoint.load_autoencoder(path).config.width == 16


def test_a_trainers_numbers_do_no_harm(official: Path) -> None:
    path = found(official).autoencoder
    content = torch.load(path, weights_only=True)
    torch.save({**content, "best": np.float64(0.3), "epoch": np.int64(3)}, path)
    assert checkpoint.load_autoencoder(path).config.depth == 3


def test_sizes_are_read_from_the_weights(official: Path) -> None:
    weights = checkpoint.load_weights(found(official), heads=HEADS)
    assert weights.autoencoder.config.latent_width == 16
    assert (weights.transformer.config.feedforward, weights.transformer.config.text_width) == (40, 24)
    assert (weights.diffusion.config.width, weights.diffusion.config.depth) == (32, 3)
    assert weights.length_estimator is not None
    assert weights.length_estimator.config.widths == (512, 256, 128)
    assert not any(p.requires_grad for p in weights.transformer.parameters())


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="needs Linux's list of mappings")
def test_float32_weights_are_used_where_they_are_in_the_file(official: Path) -> None:
    """Tensors lie in mappings of their file: they are read on demand, and processes share them."""
    paths = found(official)
    bare = official / "t2m" / "MARDM_SiT_XL" / "model" / "latest.safetensors"
    save_file(tensors(paths.mardm, "ema_mardm"), bare)
    for path in (paths.mardm, bare):
        networks = checkpoint.load_networks(path, heads=HEADS)
        mappings = [
            tuple(int(end, 16) for end in line.split()[0].split("-"))
            for line in Path("/proc/self/maps").read_text().splitlines()
            if line.endswith(str(path))
        ]
        for name, tensor in (item for network in networks for item in network.state_dict().items()):
            assert any(start <= tensor.data_ptr() < end for start, end in mappings), f"{name} was copied"


def test_generation_does_not_load_the_encoder(official: Path) -> None:
    path = found(official).autoencoder
    rewrite(path, "ae", lambda s: s["encoder.model.0.bias"].fill_(torch.nan))
    with pytest.raises(CheckpointError, match=r"encoder\.first\.bias is not finite"):
        checkpoint.load_autoencoder(path)
    whole, half = (
        checkpoint.load_autoencoder(T2M / "AE/model/latest.tar"),
        checkpoint.load_autoencoder(path, encoder=False),
    )
    latents = torch.randn(2, whole.config.latent_width, 4)
    assert torch.equal(half.decode(latents), whole.decode(latents))


def test_what_is_missing_is_listed_with_where_it_may_be_had(official: Path) -> None:
    shutil.rmtree(official / "t2m" / "AE")
    shutil.rmtree(official / "t2m" / "MARDM_SiT_XL")
    shutil.rmtree(official.parent / "datasets")
    with pytest.raises(CheckpointNotFound) as caught:
        files.find(official, "sit")
    message = str(caught.value)
    for part in (
        "t2m/AE/model/latest.tar",
        "cr8br0ze/AE_humanml3d",
        "cr8br0ze/MARDM_SiT_XL",
        "eval_mean.npy",
        "openai/clip-vit-base-patch32",
        "posepipe models fetch mardm-sit-xl",
    ):
        assert part in message
    assert "\n" not in message
    with pytest.raises(CheckpointNotFound, match="not complete"):
        found(official / "nowhere")


def test_the_length_estimator_may_be_missing(official: Path) -> None:
    shutil.rmtree(official / "t2m" / "length_estimator")
    assert found(official).length_estimator is None
    assert checkpoint.load_weights(found(official), heads=HEADS).length_estimator is None


def test_weights_without_a_telling_name_are_not_guessed(official: Path) -> None:
    (official / "t2m" / "MARDM_SiT_XL").rename(official / "t2m" / "best")
    with pytest.raises(CheckpointNotFound, match="folder named MARDM_SiT_XL"):
        found(official)
    assert found(official, "ddpm").mardm.exists()


def test_kit_weights_are_passed_over(official: Path) -> None:
    shutil.copytree(official / "t2m" / "AE", official / "kit" / "AE")
    shutil.rmtree(official / "t2m" / "AE")
    with pytest.raises(CheckpointNotFound, match="autoencoder"):
        found(official)


def test_code_in_a_file_does_not_run_unless_trusted(official: Path, tmp_path: Path) -> None:
    path, mark = found(official).autoencoder, tmp_path / "ran"
    torch.save({**torch.load(path, weights_only=True), "extra": RunsCode(mark)}, path)
    assert found(official).autoencoder == path
    with pytest.raises(CheckpointError, match=r"could run code.*--trust") as caught:
        checkpoint.load_autoencoder(path)
    assert str(path) in str(caught.value)
    assert not mark.exists()
    clean = tensor_files.write_without_code(path, "autoencoder")
    assert mark.exists()
    assert found(official).autoencoder == clean
    assert checkpoint.load_autoencoder(clean).config.width == 16
    assert sorted(p.name for p in clean.parent.iterdir()) == ["latest.safetensors", "latest.tar"]


@pytest.mark.parametrize("kept", [0, 100, 60_000, -1])
def test_a_file_cut_short_is_named(official: Path, kept: int) -> None:
    path = found(official).autoencoder
    path.write_bytes(path.read_bytes()[:kept])
    for act in (lambda: found(official), lambda: checkpoint.load_autoencoder(path)):
        with pytest.raises(CheckpointError, match="download it again") as caught:
            act()
        assert str(path) in str(caught.value)


def test_other_files_cut_short(official: Path, tmp_path: Path) -> None:
    path = tmp_path / "x" / "ae.safetensors"
    path.parent.mkdir()
    save_file(tensors(found(official).autoencoder, "ae"), path)
    path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(CheckpointError, match="download it again"):
        checkpoint.load_autoencoder(path)
    page = tmp_path / "x" / "page.tar"
    page.write_text("<html>Too many downloads</html>")
    with pytest.raises(CheckpointError, match="not a complete weight file"):
        files.names_inside(page)
    whole = torch.load(found(official).autoencoder, weights_only=True)
    torch.save(whole, path := tmp_path / "x" / "old.tar", _use_new_zipfile_serialization=False)
    path.write_bytes(path.read_bytes()[:-5000])
    with pytest.raises(CheckpointError, match="download it again"):
        checkpoint.load_autoencoder(path)


def rewrite(path: Path, key: str, change: Callable[[dict[str, Tensor]], object]) -> None:
    content = torch.load(path, weights_only=True)
    state = dict(content[key])
    change(state)
    torch.save({key: state}, path)


MARDM_FAULTS: dict[str, tuple[Callable[[dict[str, Tensor]], object], str]] = {
    "missing": (lambda s: s.pop("cond_emb.bias"), "text.bias is missing"),
    "modulation": (
        lambda s: s.pop("DiffMLPs.net.res_blocks.1.adaLN_modulation.1.bias"),
        "modulations.1.bias is missing",
    ),
    "unknown": (lambda s: s.update(extra=torch.zeros(3)), "extra"),
    "shape": (lambda s: s.update({"cond_emb.bias": torch.zeros(3)}), r"text.bias is \(3,\) instead of \(16,\)"),
    "nan": (lambda s: s["cond_emb.bias"].fill_(torch.nan), "text.bias is not finite"),
    "no size": (lambda s: s.pop("mask_latent"), "mask_latent is missing"),
}


@pytest.mark.parametrize("fault", MARDM_FAULTS)
def test_wrong_tensors_are_named(official: Path, fault: str) -> None:
    change, message = MARDM_FAULTS[fault]
    path = found(official).mardm
    rewrite(path, "ema_mardm", change)
    with pytest.raises(CheckpointError, match=message) as caught:
        checkpoint.load_networks(path, heads=HEADS)
    assert str(path) in str(caught.value)


def test_clip_in_the_file_is_left_out(official: Path) -> None:
    path = found(official).mardm
    rewrite(path, "ema_mardm", lambda s: s.update({"clip_model.ln_final.weight": torch.ones(4)}))
    assert checkpoint.load_networks(path, heads=HEADS)[0].config.width == 16


def test_weights_that_are_not_averaged_are_refused(official: Path) -> None:
    path = found(official).mardm
    content = torch.load(path, weights_only=True)
    torch.save({"mardm": content["mardm"], "ep": 3}, path)
    with pytest.raises(CheckpointError, match="no tensors under 'ema_mardm'; it holds ep, mardm"):
        checkpoint.load_networks(path, heads=HEADS)


def test_heads_must_divide_the_width(official: Path) -> None:
    with pytest.raises(CheckpointError, match="width 8 cannot be split among 16"):
        checkpoint.load_networks(found(official, "ddpm").mardm)


def narrow(state: dict[str, Tensor]) -> None:
    """Latents of 8 values instead of 16."""
    state["encoder.model.4.weight"] = state["encoder.model.4.weight"][:8].clone()
    state["encoder.model.4.bias"] = state["encoder.model.4.bias"][:8].clone()
    state["decoder.model.0.weight"] = state["decoder.model.0.weight"][:, :8].clone()


def test_files_of_different_models_do_not_mix(official: Path) -> None:
    rewrite(found(official).autoencoder, "ae", narrow)
    with pytest.raises(CheckpointError, match="latents of different widths"):
        checkpoint.load_weights(found(official), heads=HEADS)


def test_a_length_estimator_of_other_embeddings(official: Path) -> None:
    path = found(official).length_estimator
    assert path is not None
    rewrite(path, "estimator", lambda s: s.update({"output.0.weight": s["output.0.weight"][:, :9].clone()}))
    with pytest.raises(CheckpointError, match="need text embeddings of different widths"):
        checkpoint.load_weights(found(official), heads=HEADS)


STATISTICS = np.concatenate((np.full(1, 0.1), np.full(2, 0.2), np.full(1, 0.3), np.full(63, 0.4), np.full(196, 1.0)))


def statistics(folder: Path, mean: np.ndarray, std: np.ndarray) -> tuple[Path, Path]:
    np.save(folder / "Mean.npy", mean)
    np.save(folder / "Std.npy", std)
    return folder / "Mean.npy", folder / "Std.npy"


def test_humanml3ds_own_statistics_are_cut(tmp_path: Path) -> None:
    mean, std = checkpoint.load_statistics(*statistics(tmp_path, np.arange(263.0), STATISTICS))
    assert mean.dtype == std.dtype == np.float32
    assert mean.tolist() == list(range(67))
    assert std.shape == (67,)


@pytest.mark.parametrize(
    ("mean", "std", "message"),
    [
        (np.zeros(60), np.ones(67), r"shape \(60,\)"),
        (np.full(67, np.nan), np.ones(67), "not finite"),
        (np.zeros(67), np.zeros(67), "0 or less"),
        (np.zeros(263), np.linspace(1, 2, 263), "varies within a group"),
    ],
)
def test_statistics_that_cannot_be(tmp_path: Path, mean: np.ndarray, std: np.ndarray, message: str) -> None:
    with pytest.raises(CheckpointError, match=message):
        checkpoint.load_statistics(*statistics(tmp_path, mean, std))


def test_statistics_with_code_or_cut_short(tmp_path: Path) -> None:
    paths = statistics(tmp_path, np.zeros(67), np.ones(67))
    paths[0].write_bytes(pickle.dumps(RunsCode(tmp_path / "ran")))
    with pytest.raises(CheckpointError, match="not an array of numbers"):
        checkpoint.load_statistics(*paths)
    assert not (tmp_path / "ran").exists()


def test_the_fingerprint_is_of_the_contents(official: Path, tmp_path: Path) -> None:
    before = files.fingerprint(files.weight_files(found(official)))
    assert len(before) == 16
    int(before, 16)
    shutil.copytree(official.parent, tmp_path / "elsewhere")
    assert files.fingerprint(files.weight_files(found(tmp_path / "elsewhere"))) == before
    rewrite(found(official).autoencoder, "ae", lambda s: s["decoder.model.0.bias"].add_(1))
    assert files.fingerprint(files.weight_files(found(official))) != before
