"""CLIP's text encoder, from a folder of random weights that the test makes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from checkpoint_files import make_clip

from posepipe.errors import CheckpointError, ConfigError
from posepipe.models.mardm.text import ClipText, require_transformers

transformers = pytest.importorskip("transformers")

CAPTIONS = [
    "a person kneels",
    "A man raises his left arm, slowly.",
    "sit",
    "a person " + "walks and turns and " * 40 + "stops",
    "standing on one leg",
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_clip(tmp_path_factory.mktemp("clip"))


def test_it_equals_transformers_own_pass(folder: Path) -> None:
    ours = ClipText(folder)
    tokenizer = transformers.CLIPTokenizer.from_pretrained(folder)
    model = transformers.CLIPTextModelWithProjection.from_pretrained(folder, dtype=torch.float32).eval()
    with torch.no_grad():
        for layer in model.modules():
            if isinstance(layer, torch.nn.Linear):
                for parameter in layer.parameters():
                    parameter.copy_(parameter.half().float())
        tokens = tokenizer(CAPTIONS, truncation=True, max_length=77, padding="max_length", return_tensors="pt")
        expected = model(**tokens).text_embeds
    assert tokens["input_ids"].shape == (5, 77)
    assert tokens["input_ids"][3, -1] == model.config.eos_token_id  # cut, keeping the end
    embeddings = ours.encode(CAPTIONS)
    assert embeddings.shape == (5, ours.dim) == (5, 24)
    np.testing.assert_allclose(embeddings, expected, atol=1e-5 * expected.abs().max().item())
    assert embeddings.norm(dim=1).std() > 0.01  # not normalised


def test_rows_do_not_depend_on_each_other(folder: Path) -> None:
    clip = ClipText(folder)
    many = CAPTIONS * 4
    together = clip.encode(many)
    assert torch.equal(clip.encode(many[::-1]).flip(0), together)
    for i, caption in enumerate(CAPTIONS):
        assert torch.equal(clip.encode([caption])[0], together[i])
    assert clip.encode([]).shape == (0, 24)


def test_it_is_never_unsure(folder: Path) -> None:
    assert ClipText(folder).unsure(CAPTIONS).tolist() == [False] * 5


def test_a_broken_folder_is_named(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=str(tmp_path)):
        ClipText(tmp_path)
    for path in folder.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    weights = tmp_path / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])
    with pytest.raises(CheckpointError, match="cannot be loaded"):
        ClipText(tmp_path)


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(ConfigError, match=r"pip install 'posepipe\[clip\]'"):
        require_transformers()
