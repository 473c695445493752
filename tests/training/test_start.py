"""A run that starts from the weights of another."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from posepipe.errors import ConfigError, InputError
from posepipe.models import small
from posepipe.models.mardm.autoencoder import Autoencoder
from posepipe.models.small_text import SPECIAL, Vocabulary
from training.__main__ import main
from training.autoencoder import start_inverse
from training.settings import BUNDLED, TINY
from training.start import Start
from training.text_encoder import TrainedText


def test_known_words_keep_their_vectors_and_new_words_follow_the_same_map() -> None:
    start = Start(small.SMALL_WEIGHTS)
    old = start.tensor("words").numpy()
    rows = list(range(len(SPECIAL), 1_500))
    turn = np.linalg.qr(np.random.default_rng(0).normal(size=(old.shape[1], old.shape[1])))[0].astype(np.float32)
    names = [start.vocabulary.words[row] for row in rows]
    vocabulary = Vocabulary((*SPECIAL, *names[::-1], "brandnew"))
    other = 0.3 + np.concatenate((old[: len(SPECIAL)], old[rows[::-1]], old[1_500:1_501])) @ turn
    table = start.table(vocabulary, other)
    np.testing.assert_array_equal(table[vocabulary.number(names[7])], old[rows[7]])
    np.testing.assert_allclose(table[vocabulary.number("brandnew")], old[1_500], atol=2e-3)
    with pytest.raises(ConfigError, match="word vectors have 96 values, not 5"):
        start.table(vocabulary, np.zeros((len(vocabulary), 5), dtype=np.float32))


def test_a_text_encoder_with_more_words_gives_the_same_embeddings() -> None:
    start = Start(small.SMALL_WEIGHTS)
    words = start.vocabulary.words
    grown = Vocabulary((*SPECIAL, "brandnew", *words[len(SPECIAL) :]))
    table = np.zeros((len(grown), BUNDLED.word_width), dtype=np.float32)
    table[: len(SPECIAL)], table[len(SPECIAL) + 1 :] = np.split(start.tensor("words").numpy(), [len(SPECIAL)])
    known = np.array(sorted(grown.number(words[int(row)]) for row in start._tensors["words.changed"]))
    text = TrainedText(BUNDLED.sizes(len(grown)).text, table, known)
    start.fill_text(text, grown)
    model = small.load()
    caption = "A person standing on the left leg with both arms raised"
    tokens = torch.tensor([grown.tokens(caption, 64)])
    with torch.inference_mode():
        torch.testing.assert_close(text.eval()(tokens), model._embed([caption]), atol=2e-4, rtol=0)


def test_the_encoder_starts_as_an_inverse_of_the_decoder() -> None:
    start = Start(small.SMALL_WEIGHTS)
    autoencoder = Autoencoder(BUNDLED.sizes(0).autoencoder)
    start.fill_decoder(autoencoder)
    torch.manual_seed(0)
    start_inverse(autoencoder, start.normalisation()[1])
    features = autoencoder.decode(torch.randn(64, 48, 1).expand(-1, -1, 4))
    again = autoencoder(features)
    assert (again - features).square().mean() < 0.2 * features.var(0).mean()
    assert not any(parameter.requires_grad for parameter in autoencoder.decoder.parameters())


def test_other_sizes_and_missing_files_are_one_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="sizes differ"):
        Start(small.SMALL_WEIGHTS).fill_decoder(Autoencoder(TINY.sizes(0).autoencoder))
    with pytest.raises(InputError, match="no model can be read there"):
        Start(tmp_path)
    shutil.copy(small.SMALL_WEIGHTS / small.WEIGHTS, tmp_path / small.WEIGHTS)
    with pytest.raises(InputError, match="no model can be read there"):
        Start(tmp_path)


def test_fewer_steps_and_lower_rates() -> None:
    shorter = BUNDLED.shortened(0.25)
    assert (shorter.mardm_steps, shorter.text_steps) == (BUNDLED.mardm_steps // 4, BUNDLED.text_steps // 4)
    assert shorter.mardm_rate == BUNDLED.mardm_rate / 2
    assert replace(BUNDLED, mardm_steps=1).shortened(0.1).mardm_steps == 1


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--share", "0.5"], "--share has no effect without --start"),
        (["--start", "nowhere"], "--start nowhere: no model can be read there"),
    ],
)
def test_wrong_options_are_one_line(
    options: list[str], says: str, mocap: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["all", "--mocap", str(mocap), "--out", str(tmp_path / "out"), *options]) == 2
    assert says in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
