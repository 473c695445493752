"""CLIP's tokenizer and text encoder compared with transformers, with random weights."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from checkpoint_files import make_clip
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.torch import load_file

from posepipe.errors import CheckpointError
from posepipe.models.mardm.clip import keep_text_encoder, load_clip
from posepipe.models.mardm.text_encoder import ClipText
from posepipe.models.mardm.tokenizer import END, ClipTokenizer, split_words

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


@pytest.fixture(scope="module")
def byte_level(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, ClipTokenizer]:
    """Both tokenizers over a vocabulary of all 256 bytes and merges learned from captions."""
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers

    learner = Tokenizer(models.BPE(end_of_word_suffix="</w>", continuing_subword_prefix=""))
    spaces, as_bytes = pre_tokenizers.WhitespaceSplit(), pre_tokenizers.ByteLevel(False, use_regex=False)
    learner.pre_tokenizer = pre_tokenizers.Sequence([spaces, as_bytes])
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=900, initial_alphabet=alphabet, end_of_word_suffix="</w>")
    learner.train_from_iterator(["a person raises the left arm and turns to the right", *CAPTIONS] * 20, trainer)
    learned = json.loads(learner.to_str())["model"]
    pieces = [*alphabet, *(letter + "</w>" for letter in alphabet), *sorted(learned["vocab"])]
    numbers = {piece: number for number, piece in enumerate(dict.fromkeys([*pieces, "<|startoftext|>", END]))}
    folder = tmp_path_factory.mktemp("tokenizer")
    merges = ["#version: 0.2", *(" ".join(pair) for pair in learned["merges"])]
    (folder / "vocab.json").write_text(json.dumps(numbers))
    (folder / "merges.txt").write_text("\n".join(merges) + "\n")
    theirs = transformers.CLIPTokenizer.from_pretrained(folder)
    return theirs, ClipTokenizer(folder)


@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(exclude_categories=("Cs", "Cn")), max_size=60))
def test_tokens_of_any_text_are_those_of_transformers(byte_level: tuple[Any, ClipTokenizer], text: str) -> None:
    """For all characters in Python's Unicode tables; the two libraries differ in the version of their tables."""
    theirs, ours = byte_level
    assert ours(text, 77) == theirs(text, truncation=True, max_length=77)["input_ids"]


@pytest.mark.parametrize(
    "text",
    [
        *CAPTIONS,
        "he's 12, isn't HE?! we'll've ''s",
        "Ünïcode café ΣΑΣ İstanbul 站立的人 ½ Ⅷ ²\u3000\u00a0x\ttab\nline",
        f"middle {END} token <|startoftext|>",
        "🤸‍♀️ a cartwheel",
        "",
        " ",
    ],
)
def test_tokens_of_chosen_texts(byte_level: tuple[Any, ClipTokenizer], text: str) -> None:
    theirs, ours = byte_level
    assert ours(text, 77) == theirs(text, truncation=True, max_length=77)["input_ids"]


def test_a_merged_word_is_one_token(byte_level: tuple[Any, ClipTokenizer]) -> None:
    _, ours = byte_level
    assert len(ours("person", 77)) == 3
    assert len(ours("zqxj", 77)) > 3


def test_words() -> None:
    assert split_words("A man's 42nd T-pose…") == ["a", "man", "'s", "4", "2", "nd", "t", "-", "pose", "…"]


def test_the_tokenizer_reads_either_form_of_its_files(folder: Path, tmp_path: Path) -> None:
    transformers.CLIPTokenizer.from_pretrained(folder).save_pretrained(tmp_path)
    for name in ("vocab.json", "merges.txt"):
        (tmp_path / name).unlink(missing_ok=True)
    assert (tmp_path / "tokenizer.json").exists()
    assert [ClipTokenizer(tmp_path)(c, 77) for c in CAPTIONS] == [ClipTokenizer(folder)(c, 77) for c in CAPTIONS]


def test_damaged_tokenizer_files_are_named(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=f"tokenizer files in {tmp_path}"):
        ClipTokenizer(tmp_path)
    (tmp_path / "merges.txt").write_bytes((folder / "merges.txt").read_bytes())
    (tmp_path / "vocab.json").write_text('{"a": 1}')
    with pytest.raises(CheckpointError, match="startoftext"):
        ClipTokenizer(tmp_path)


def test_it_equals_the_network_of_transformers(folder: Path) -> None:
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
    assert tokens["input_ids"][3, -1] == model.config.eos_token_id  # cut before the end token
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


def whole_clip(folder: Path) -> None:
    """Change a folder to the form on the hub: text and vision weights in one file, nested settings."""
    text = transformers.CLIPTextConfig.from_dict(json.loads((folder / "config.json").read_text()))
    vision = transformers.CLIPVisionConfig(
        hidden_size=16,
        intermediate_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        patch_size=112,
    )
    config = transformers.CLIPConfig(text_config=text.to_dict(), vision_config=vision.to_dict(), projection_dim=24)
    model = transformers.CLIPModel(config)
    model.load_state_dict(load_file(folder / "model.safetensors"), strict=False)
    torch.save(model.state_dict(), folder / "pytorch_model.bin")
    (folder / "model.safetensors").unlink()
    (folder / "config.json").write_text(config.to_json_string())


def test_the_text_encoder_is_kept_of_a_whole_clip(tmp_path: Path) -> None:
    expected = ClipText(make_clip(tmp_path)).encode(CAPTIONS)
    whole_clip(tmp_path)
    assert torch.equal(ClipText(tmp_path).encode(CAPTIONS), expected)
    keep_text_encoder(tmp_path)
    assert not (tmp_path / "pytorch_model.bin").exists()
    kept = load_file(tmp_path / "model.safetensors")
    assert all(name.startswith(("text_model.", "text_projection.")) for name in kept)
    assert torch.equal(ClipText(tmp_path).encode(CAPTIONS), expected)
    model = transformers.CLIPTextModelWithProjection.from_pretrained(tmp_path, dtype=torch.float32)
    assert torch.equal(model.text_projection.weight, load_clip(tmp_path).text_projection.weight.float())


def test_it_is_never_unsure(folder: Path) -> None:
    assert ClipText(folder).unsure(CAPTIONS).tolist() == [False] * 5


def copied(folder: Path, target: Path) -> Path:
    for path in folder.iterdir():
        (target / path.name).write_bytes(path.read_bytes())
    return target


def test_a_damaged_folder_is_named(folder: Path, tmp_path: Path) -> None:
    copied(folder, tmp_path)
    weights = tmp_path / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])
    with pytest.raises(CheckpointError, match=f"{weights} cannot be loaded"):
        ClipText(tmp_path)
    weights.unlink()
    with pytest.raises(CheckpointError, match="has no weights"):
        ClipText(tmp_path)


def test_another_activation_is_refused(folder: Path, tmp_path: Path) -> None:
    config = json.loads((copied(folder, tmp_path) / "config.json").read_text())
    (tmp_path / "config.json").write_text(json.dumps({**config, "hidden_act": "gelu"}))
    with pytest.raises(CheckpointError, match="its activation is 'gelu'"):
        ClipText(tmp_path)


def test_weights_of_something_else_are_refused(folder: Path, tmp_path: Path) -> None:
    copied(folder, tmp_path)
    (tmp_path / "model.safetensors").unlink()
    torch.save({"layer.weight": torch.zeros(2, 2)}, tmp_path / "pytorch_model.bin")
    with pytest.raises(CheckpointError, match="no tensors of CLIP"):
        ClipText(tmp_path)
