"""A warm start: the networks of an existing model as the first weights of a training run.

Words are matched by their spelling, so the vocabulary may have grown. The decoder of the existing model is kept as it
is. Weight files have no encoder; a new one is fitted to the decoder.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from posepipe.errors import ConfigError, InputError
from posepipe.models.mardm.autoencoder import Autoencoder
from posepipe.models.small import CONFIG, VOCABULARY, WEIGHTS
from posepipe.models.small_text import Vocabulary

if TYPE_CHECKING:
    from training.text_encoder import TrainedText


class Start:
    """The weights of an existing model.

    Parameters
    ----------
    folder : Path
        Folder of the model, such as ``posepipe/models/weights``.

    Raises
    ------
    InputError
        If files are missing or damaged.
    """

    def __init__(self, folder: Path) -> None:
        from safetensors import SafetensorError
        from safetensors.torch import load_file

        self.folder = folder
        try:
            self._tensors: dict[str, Tensor] = load_file(folder / WEIGHTS)
            self.vocabulary = Vocabulary.load(folder / VOCABULARY)
            self.default_cfg = float(json.loads((folder / CONFIG).read_bytes())["default_cfg"])
        except (OSError, ValueError, KeyError, SafetensorError) as error:
            raise InputError(f"--start {folder}: no model can be read there: {error}") from error

    def tensor(self, name: str) -> Tensor:
        """Return a tensor of the weight file as float32."""
        if name not in self._tensors:
            raise InputError(f"--start {self.folder}: {WEIGHTS} has no {name}")
        return self._tensors[name].float()

    def table(self, vocabulary: Vocabulary, table: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return a word table (words, width) in the coordinates of the existing model.

        Words that it knows have its vectors. Principal components turn when words are added; so those of new words are
        mapped by the affine map that fits the words of both tables best.

        Parameters
        ----------
        vocabulary : Vocabulary
        table : (words, width) float32 array
            Pretrained vectors of the vocabulary, in coordinates of their own.
        """
        old = self.tensor("words").numpy()
        if old.shape[1] != table.shape[1]:
            raise ConfigError(f"--start {self.folder}: word vectors have {old.shape[1]} values, not {table.shape[1]}")
        rows, known = self._common(vocabulary)
        with_one = np.concatenate((table, np.ones((len(table), 1), dtype=np.float32)), axis=1).astype(np.float64)
        fitted, *_ = np.linalg.lstsq(with_one[known], old[rows].astype(np.float64), rcond=None)
        out = (with_one @ fitted).astype(np.float32)
        out[known] = old[rows]
        return out

    def _common(self, vocabulary: Vocabulary) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the rows of the words that both vocabularies have: in the old one, and in the new one."""
        number_of = {word: number for number, word in enumerate(self.vocabulary.words)}
        pairs = [(number_of[word], new) for new, word in enumerate(vocabulary.words) if word in number_of]
        return tuple(np.array(pairs, dtype=np.int64).reshape(-1, 2).T)  # type: ignore[return-value]

    def fill_text(self, text: TrainedText, vocabulary: Vocabulary) -> None:
        """Copy the text encoder, and the learned changes of the words that both models know."""
        state = {name: value for name, value in self._part("text").items() if name != "table.weight"}
        state["table.weight"] = text.network.table.weight
        self._load(text.network, state)
        changed = dict(zip(self._tensors["words.changed"].tolist(), self.tensor("words.change"), strict=True))
        with torch.no_grad():
            for old, new in zip(*self._common(vocabulary), strict=True):
                row = int(text.row_of[new])
                if row and int(old) in changed:
                    text.change.weight[row] = changed[int(old)]

    def fill(self, part: str, module: nn.Module) -> None:
        """Copy ``transformer`` or ``diffusion``, or another part of which all weights are in the file."""
        self._load(module, self._part(part))

    def fill_decoder(self, autoencoder: Autoencoder) -> None:
        """Copy the decoder; its weights no longer take part in training."""
        prefix = "decoder."
        state = {
            name.removeprefix(prefix): value
            for name, value in self._part("autoencoder").items()
            if name.startswith(prefix)
        }
        self._load(autoencoder.decoder, state)
        autoencoder.decoder.requires_grad_(False)

    def normalisation(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return mean and standard deviation (67,) of the features, to which the decoder belongs."""
        return self.tensor("mean").numpy(), self.tensor("std").numpy()

    def _part(self, part: str) -> dict[str, Tensor]:
        prefix = f"networks.{part}."
        return {name.removeprefix(prefix): self.tensor(name) for name in self._tensors if name.startswith(prefix)}

    def _load(self, module: nn.Module, state: dict[str, Any]) -> None:
        try:
            module.load_state_dict(state)
        except RuntimeError as error:
            reason = str(error).strip().splitlines()[-1].strip()
            raise ConfigError(f"--start {self.folder}: the sizes differ from those of this run: {reason}") from error
