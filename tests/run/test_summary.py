"""Tally, summary and exit code."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from plans import plan_of

from posepipe.run.summary import Silent, Summary, Tally


def summary(**more: Any) -> Summary:
    """Of a run over four captions."""
    given = {"run_id": "run", "plan": plan_of(), "tally": Tally(), "stopped": False, "signal": 0, "seconds": 2.0}
    return Summary(**{**given, "final_dir": "out", "manifest": "m", "log_dir": "logs", **more})


def test_a_tally_adds_partitions() -> None:
    tally = Tally()
    tally.count(3, ["KeyError", "WorkerDied"])
    tally.count(2, ["KeyError"])
    assert (tally.made, tally.failed, tally.finished) == (5, Counter(KeyError=2, WorkerDied=1), 8)
    assert (Tally().made, Tally().failed, Tally().examples) == (0, Counter(), {})


def test_a_tally_keeps_three_captions_of_poses_that_the_model_is_unsure_of() -> None:
    tally = Tally()
    for captions in (["a", "b"], [], ["c", "d"], ["e"]):
        tally.count(2, [], captions)
    assert (tally.unsure, tally.unsure_examples) == (5, ["a", "b", "c"])


def test_a_summary_says_how_many_bodies_go_through_themselves() -> None:
    tally = Tally()
    tally.count(4, [], (), 2)
    tally.count(4, [], (), 1)
    done = summary(tally=tally)
    assert "  collision: 3, parts of the body go through each other" in done.lines()
    assert ">collision</td>" in done._repr_html_()
    assert "collision" not in repr(summary())


def test_the_event_of_a_tally_is_json() -> None:
    tally = Tally(made=1, failed=Counter(KeyError=2), examples={"KeyError": {"caption": "a"}}, deaths=3)
    tally.count(4, [], ["b", "c"])
    event = {"made": 5, "failed": {"KeyError": 2}, "examples": {"KeyError": {"caption": "a"}}, "deaths": 3}
    event |= {"unsure": 2, "unsure_examples": ["b", "c"]}
    assert json.loads(json.dumps(tally.event())) == event


def test_what_is_left_and_how_fast_it_went() -> None:
    done = summary(tally=Tally(made=2, failed=Counter(KeyError=1)))
    assert (done.left, done.rate) == (1, 1.5)
    assert summary(seconds=0.0).rate == 0.0


@pytest.mark.parametrize(
    ("failed", "before", "unusable", "stopped", "signal", "code"),
    [
        (0, 0, 0, False, 0, 0),
        (1, 0, 0, False, 0, 1),
        (0, 1, 0, False, 0, 1),
        (0, 0, 1, False, 0, 1),
        (1, 1, 1, True, 0, 0),
        (1, 0, 0, True, 15, 143),
        (0, 0, 0, True, 2, 130),
    ],
)
def test_exit_codes(failed: int, before: int, unusable: int, stopped: bool, signal: int, code: int) -> None:
    plan = replace(plan_of(), failed_before=before, unusable=unusable)
    tally = Tally(made=1, failed=Counter({"KeyError": failed}))
    assert summary(plan=plan, tally=tally, stopped=stopped, signal=signal).exit_code == code


def test_a_silent_observer_shows_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    silent = Silent()
    silent.planned(plan_of())
    silent.connected("address", 1)
    silent.progress(Tally())
    silent.worker({})
    silent.message("a")
    silent.warning("b")
    assert capsys.readouterr() == ("", "")
