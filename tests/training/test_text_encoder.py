"""The text encoder and its training heads."""

from __future__ import annotations

import numpy as np
import torch

from training.settings import TINY
from training.text_encoder import Labels, TextWithHeads, TrainedText


def test_poses_and_modifiers_are_numbered() -> None:
    names = Labels([["kick", "arm_up:left"], [], ["squat", "arm_up:right", "tiptoe:left"]])
    assert names.bases == 2
    assert names.base.tolist() == [0, -1, 1]
    assert names.modifiers.tolist() == [[True, False, False], [False] * 3, [False, True, True]]


def test_captions_without_labels_do_not_change_the_label_loss() -> None:
    names = Labels([["kick", "arm_up:left"], [], ["squat"]])
    table = np.zeros((5, TINY.word_width), dtype=np.float32)
    network = TrainedText(TINY.sizes(5).text, table, np.array([3]))
    heads = TextWithHeads(network, 0.1, names.bases, names.modifiers.shape[1])
    embedding = torch.randn(3, TINY.text_width)
    loss = heads.label_loss(embedding, names.base, names.modifiers)
    embedding[1] = 9.0
    assert loss > 0
    assert heads.label_loss(embedding, names.base, names.modifiers) == loss
    assert heads.label_loss(embedding[1:2], names.base[1:2], names.modifiers[1:2]) == 0
