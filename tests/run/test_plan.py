"""Planning: what is due, what is done, names, mismatch, formats, variants, slices."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from plans import CONFIG, TEXTS, captions, manifest_rows, number_of, plan_of

from posepipe.errors import CollisionError, SettingsMismatch
from posepipe.run.frame_counts import frames_of
from posepipe.run.plan import EXAMPLES
from posepipe.storage.artifact_formats import BY_NAME
from posepipe.workers.contract import INFER, REDRAW


def test_everything_is_due_at_first_and_nothing_afterwards() -> None:
    plan = plan_of()
    assert list(plan.work.frame()["caption"]) == TEXTS
    assert set(plan.work.frame()["mode"]) == {INFER}
    assert plan.work.frame()["stem"].is_unique
    assert len(plan.collisions) == 1
    assert plan.space_needed > 0
    again = plan_of(manifest_rows(plan))
    assert (len(again.work), again.done) == (0, 4)


def test_names_hold_for_the_whole_input_whatever_the_slice() -> None:
    whole = dict(zip(plan_of().work.frame()["caption_id"], plan_of().work.frame()["stem"], strict=True))
    for start in range(4):
        part = plan_of(config=replace(CONFIG, start=start, limit=1)).work.frame()
        assert len(part) == 1
        assert whole[part["caption_id"].iloc[0]] == part["stem"].iloc[0]


def test_the_owner_keeps_its_name_and_an_edited_caption_leaves_the_old_one_alone() -> None:
    rows = manifest_rows(plan_of(captions=captions(["A person Waving"])))
    plan = plan_of(rows)
    assert plan.done == 1
    names = dict(zip(plan.work.frame()["caption"], plan.work.frame()["stem"], strict=True))
    assert names["A person waving"].startswith("waving__")
    edited = plan_of(rows, captions=captions(["A person Waving slowly"]))
    assert list(edited.work.frame()["stem"]) == ["Waving_slowly"]


def test_collisions_can_be_refused() -> None:
    with pytest.raises(CollisionError, match="--on-collision suffix"):
        plan_of(config=replace(CONFIG, on_collision="error"))


def test_other_settings_stop_or_keep_or_regenerate() -> None:
    rows = manifest_rows(plan_of())
    other = replace(CONFIG, cfg=3.0)
    with pytest.raises(SettingsMismatch, match=r"cfg was 2\.0, now 3\.0"):
        plan_of(rows, other)
    kept = plan_of(rows, replace(other, on_mismatch="keep"))
    assert (len(kept.work), kept.kept, kept.done) == (0, 4, 0)
    anew = plan_of(rows, replace(other, on_mismatch="regenerate"))
    assert (len(anew.work), list(anew.work.frame()["attempts"])) == (4, [2] * 4)


def test_a_mismatch_in_what_no_column_shows_is_still_one() -> None:
    with pytest.raises(SettingsMismatch, match="solver"):
        plan_of(manifest_rows(plan_of()), replace(CONFIG, solver_steps=5))


def test_a_mismatch_outside_the_slice_does_not_matter() -> None:
    rows = manifest_rows(plan_of())
    assert plan_of(rows.iloc[1:], replace(CONFIG, cfg=3.0, limit=1)).work.frame().shape[0] == 1


def test_failed_captions_are_left_alone_unless_asked_for() -> None:
    rows = manifest_rows(plan_of())
    rows.loc[0, ["status", "error_type"]] = ["failed", "WorkerDied"]
    rows.loc[1, ["status", "error_type"]] = ["failed", "KeyError"]
    plan = plan_of(rows)
    assert (len(plan.work), plan.done, plan.failed_before) == (0, 2, 2)
    assert len(plan_of(rows, replace(CONFIG, retry_failed="all")).work) == 2
    retried = plan_of(rows, replace(CONFIG, retry_failed="KeyError"))
    assert (list(retried.work.frame()["caption"]), retried.failed_before) == ([TEXTS[1]], 1)
    assert len(plan_of(rows, replace(CONFIG, cfg=9.0, on_mismatch="keep")).work) == 2


def test_a_format_added_later_needs_no_model() -> None:
    rows = manifest_rows(plan_of(), replace(CONFIG, formats="npy,json"))
    assert set(plan_of(rows).work.frame()["mode"]) == {REDRAW}
    assert set(plan_of(manifest_rows(plan_of(), replace(CONFIG, formats="png"))).work.frame()["mode"]) == {INFER}
    assert len(plan_of(rows, replace(CONFIG, formats="json")).work) == 0


def test_only_makes_just_these_anew() -> None:
    rows = manifest_rows(plan_of())
    plan = plan_of(rows, only=np.array([number_of(TEXTS[3])], dtype=np.uint64))
    assert (list(plan.work.frame()["caption"]), set(plan.work.frame()["mode"])) == ([TEXTS[3]], {INFER})


def test_variants_have_names_and_seeds_of_their_own() -> None:
    plan = plan_of(config=replace(CONFIG, variants=3), captions=captions(TEXTS[:2]))
    assert list(plan.work.frame()["stem"][:3]) == ["waving", "waving__v1", "waving__v2"]
    assert list(plan.work.frame()["variant"]) == [0, 1, 2] * 2
    more = plan_of(manifest_rows(plan), replace(CONFIG, variants=4), captions=captions(TEXTS[:2]))
    assert list(more.work.frame()["variant"]) == [3, 3]


def test_lengths_from_the_file() -> None:
    config = replace(CONFIG, sequence_length="from-file")
    plan = plan_of(config=config, captions=captions(frames=[0, 124, 3, 999]))
    assert list(plan.work.frame()["length"]) == [16, 124, 4, 196]
    assert plan.work.frame()["settings_id"].nunique() == 4
    assert plan.work.frame()["settings_id"].iloc[0] == CONFIG.settings_id("f", 16)


@pytest.mark.parametrize(("asked", "frames"), [(0, 16), (1, 4), (7, 4), (8, 8), (199, 196)])
def test_frames_of(asked: int, frames: int) -> None:
    assert frames_of(asked) == frames


def test_the_plan_counts_captions_space_and_examples() -> None:
    plan = plan_of(config=replace(CONFIG, formats="npy,json", variants=2, limit=3))
    assert (plan.captions, len(plan.work), plan.done, plan.kept, plan.failed_before) == (3, 6, 0, 0, 0)
    assert plan.space_needed == 6 * (BY_NAME["npy"].size + BY_NAME["json"].size)
    stems = plan.work.frame()["stem"].tolist()[::2]
    assert plan.examples == tuple((text, stem, 16) for text, stem in zip(TEXTS, stems, strict=False))
    many = captions([f"A person poses {number}" for number in range(EXAMPLES + 1)])
    assert [text for text, _, _ in plan_of(captions=many).examples] == [f"A person poses {n}" for n in range(EXAMPLES)]


def test_the_examples_show_the_length_of_each_caption() -> None:
    config = replace(CONFIG, sequence_length="from-file", variants=2)
    plan = plan_of(config=config, captions=captions(frames=[8, 12, 8, 20]))
    assert [frames for _, _, frames in plan.examples] == [8, 12, 8, 20]
    assert list(plan.work.frame()["length"]) == [8, 8, 12, 12, 8, 8, 20, 20]


def test_lines_that_repeat_or_are_unusable_are_counted() -> None:
    plan = plan_of(captions=replace(captions(), repetitions=3, unusable_count=2))
    assert (plan.repetitions, plan.unusable) == (3, 2)


def test_the_message_about_collisions_names_some_and_counts_all() -> None:
    texts = [f"A person {word}{mark}" for word in "abcd" for mark in ("", ".")]
    with pytest.raises(CollisionError, match=r"^4 file names are wanted by more than one caption \(a, b, c\); "):
        plan_of(config=replace(CONFIG, on_collision="error"), captions=captions(texts))


def test_the_message_about_a_mismatch_compares_each_setting() -> None:
    rows = manifest_rows(plan_of(), time_steps=10, seed=1, precision="bf16", model_fingerprint="old")
    rows["settings_id"] = "other"
    with pytest.raises(SettingsMismatch) as raised:
        plan_of(rows)
    message = str(raised.value)
    assert message.startswith("4 outputs were made with other settings (")
    told = message.partition("(")[2].partition(")")[0].split("; ")
    assert told == [
        "model_fingerprint was old, now f",
        f"seed was 1, now {CONFIG.seed}",
        f"time_steps was 10, now {CONFIG.time_steps}",
        f"precision was bf16, now {CONFIG.precision}",
    ]


def test_the_message_about_a_mismatch_is_about_the_first_such_pose() -> None:
    rows = manifest_rows(plan_of())
    rows.loc[2:, "settings_id"] = "other"
    rows.loc[2, "sequence_length"], rows.loc[2, "frame_index"] = 24, 12
    with pytest.raises(
        SettingsMismatch, match=r"^2 outputs .*\(sequence_length was 24, now 16; frame_index was 12, now 8"
    ):
        plan_of(rows)
    rows.loc[2, ["sequence_length", "frame_index"]] = [16, 8]
    rows.loc[2, "cfg"] = 2.0000004  # as good as equal: it went through float32
    with pytest.raises(SettingsMismatch, match="the solver or the temperature differs"):
        plan_of(rows)
    rows.loc[2, "cfg"] = 2.1000001
    with pytest.raises(SettingsMismatch, match=r"cfg was 2\.1, now 2\.0\)"):
        plan_of(rows)


def test_lengths_that_the_model_estimates_are_not_compared() -> None:
    config = replace(CONFIG, sequence_length="estimate")
    rows = manifest_rows(plan_of(config=config), settings_id="other")
    with pytest.raises(SettingsMismatch, match="the solver or the temperature differs"):
        plan_of(rows, config)
    assert [frames for _, _, frames in plan_of(config=config).examples] == [0] * 4


def test_a_done_pose_with_other_settings_is_kept_and_the_others_are_made() -> None:
    rows = manifest_rows(plan_of())
    rows.loc[0, "settings_id"] = "other"
    plan = plan_of(rows.iloc[:2], replace(CONFIG, on_mismatch="keep"))
    assert (plan.kept, plan.done, list(plan.work.frame()["caption"])) == (1, 1, TEXTS[2:])


def test_adopted_poses_are_kept_unless_they_are_regenerated() -> None:
    rows = manifest_rows(plan_of(), settings_id=None)
    for choice in ("error", "keep"):
        plan = plan_of(rows, replace(CONFIG, on_mismatch=choice))
        assert (plan.kept, plan.done, len(plan.work)) == (4, 0, 0)
    anew = plan_of(rows, replace(CONFIG, on_mismatch="regenerate")).work.frame()
    assert set(anew["mode"]) == {INFER}
    assert set(anew["described"]) == {""}, "their files are not posepipe's own"


def test_the_formats_that_the_manifest_describes_may_be_overwritten() -> None:
    rows = manifest_rows(plan_of(), replace(CONFIG, formats="npy,png"))
    work = plan_of(rows).work.frame()
    assert set(work["described"]) == {"npy,png"}
    assert [row["stem"] for row in work["previous"]] == list(work["stem"])
    assert set(plan_of().work.frame()["described"]) == {""}


def test_a_lost_artifact_is_made_again_without_being_asked_for() -> None:
    rows = manifest_rows(plan_of())
    rows.loc[1, ["status", "error_type"]] = ["failed", "ArtifactLost"]
    plan = plan_of(rows)
    assert (list(plan.work.frame()["caption"]), plan.failed_before) == ([TEXTS[1]], 0)


def test_only_leaves_poses_with_other_settings_alone_where_they_are_kept() -> None:
    rows = manifest_rows(plan_of(), settings_id="other")
    chosen = np.array([number_of(TEXTS[3])], dtype=np.uint64)
    assert plan_of(rows, replace(CONFIG, on_mismatch="keep"), only=chosen).kept == 1
    rows.loc[3, ["status", "error_type"]] = ["failed", "KeyError"]
    plan = plan_of(rows, only=chosen)
    assert (len(plan.work), plan.failed_before, list(plan.work.frame()["attempts"])) == (1, 0, [2])


def test_the_newest_row_of_any_variant_owns_the_name() -> None:
    """A caption whose variants have rows of different names keeps that of the newest, without ``__v1``."""
    plan = plan_of(config=replace(CONFIG, variants=2), captions=captions(TEXTS[:1]))
    rows = manifest_rows(plan)
    rows["stem"] = ["old", "new__v1"]
    now = pd.Timestamp.now("UTC")
    for newest, name in ((1, "new"), (0, "old")):
        rows["finished_at"] = [now + pd.Timedelta(seconds=int(index == newest)) for index in range(2)]
        again = plan_of(rows, replace(CONFIG, variants=3), captions=captions(TEXTS[:1]))
        assert list(again.work.frame()["stem"]) == [f"{name}__v2"]
    other = pd.concat([rows, rows.assign(caption_id="0" * 16, stem=["x", "x__v1"])])
    again = plan_of(other, replace(CONFIG, variants=3), captions=captions(TEXTS[:1]))
    assert list(again.work.frame()["stem"]) == ["old__v2"]


def test_rows_with_odd_ids_or_without_a_stem_do_no_harm() -> None:
    rows = manifest_rows(plan_of())
    odd = rows.iloc[:2].assign(caption_id=["not an id", None], stem=[None, "other"])
    plan = plan_of(pd.concat([odd, rows]))
    assert (plan.done, len(plan.work)) == (4, 0)


def test_each_variant_is_looked_up_by_itself() -> None:
    config = replace(CONFIG, variants=3)
    rows = manifest_rows(plan_of(config=config))
    plan = plan_of(rows[rows["variant"] != 1], config)
    assert list(plan.work.frame()["variant"]) == [1] * 4
    assert list(plan.work.frame()["attempts"]) == [1] * 4
    assert plan.done == 8
    assert (plan_of(rows).done, plan_of(rows, replace(CONFIG, variants=2)).done) == (4, 8)
