"""Captions whose model attacks its process, without a cluster: only they fail, and the process stays as it was.

Kinds that end or block a process are in tests/run/test_poison.py.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from pathlib import Path

import poison_model
import pytest
from stages import State, work

from posepipe.errors import LONGEST_NAME
from posepipe.wording import LONGEST
from posepipe.workers.contract import RunContext
from posepipe.workers.infer import infer_partition

FAILING = sorted((kind, name) for kind, name in poison_model.expected() if kind not in poison_model.WORKER_ONLY)
SOUND = sorted({*poison_model.HARMLESS, *poison_model.RIGHT} - poison_model.WORKER_ONLY)
PLAIN = [f"A person plain {number}" for number in range(8)]


@pytest.fixture(autouse=True)
def _no_warnings() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def infer(context: RunContext, caption: str) -> tuple[dict[str, bytes], dict[str, str | None]]:
    """Joints and class of the error by caption, of a batch of nine captions."""
    poses = infer_partition(work([*PLAIN[:4], caption, *PLAIN[4:]]), context, State(poison_model.PoisonModel()))
    return dict(zip(poses["caption"], poses["joints"], strict=True)), {
        text: poses.loc[poses["caption"] == text, "error_type"].iloc[0] for text in poses["caption"]
    }


@pytest.mark.parametrize(("kind", "name"), FAILING, ids=[kind for kind, _ in FAILING])
def test_only_the_caption_fails_with_its_class(kind: str, name: str, context: RunContext) -> None:
    reference, _ = infer(context, "A person plain too")
    caption = f"A person {kind}"
    joints, errors = infer(context, caption)
    assert errors == dict.fromkeys(PLAIN) | {caption: name}
    assert {text: joints[text] for text in PLAIN} == {text: reference[text] for text in PLAIN}
    assert joints[caption] is None


@pytest.mark.parametrize("kind", SOUND)
def test_what_the_model_does_to_its_process_harms_no_caption(kind: str, context: RunContext) -> None:
    reference, _ = infer(context, "A person plain too")
    folder, variables, filters = Path.cwd(), dict(os.environ), list(warnings.filters)
    mask = os.umask(0)
    os.umask(mask)
    joints, errors = infer(context, f"A person {kind}")
    assert set(errors.values()) == {None}
    assert {text: joints[text] for text in PLAIN} == {text: reference[text] for text in PLAIN}
    assert (Path.cwd(), dict(os.environ), list(warnings.filters)) == (folder, variables, filters)
    assert os.umask(mask) == mask


@pytest.mark.parametrize("kind", [kind for kind, _ in FAILING])
def test_texts_of_an_error_are_short_and_can_be_written(kind: str, context: RunContext) -> None:
    poses = infer_partition(work([f"A person {kind}"]), context, State(poison_model.PoisonModel()))
    row = poses.iloc[0]
    for name in ("error_type", "error", "traceback"):
        assert type(row[name]) is str
        row[name].encode()
    assert len(row["error_type"]) <= LONGEST_NAME + 50
    assert row["error_type"].isprintable()
    assert len(row["error"]) <= LONGEST + 100
    assert 0 < len(row["traceback"]) <= LONGEST + 100


def test_the_length_of_a_long_message_is_said(context: RunContext) -> None:
    poses = infer_partition(work(["A person long-message"]), context, State(poison_model.PoisonModel()))
    assert " ... (10,000,000 characters in all) ... " in poses["error"].iloc[0]
    assert "characters in all" in poses["traceback"].iloc[0]
