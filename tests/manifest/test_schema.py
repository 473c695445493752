"""The columns of the manifest: a change of them needs a new version."""

from __future__ import annotations

import pyarrow as pa

from posepipe.manifest.schema import SCHEMA, SCHEMA_VERSION

COLUMNS = {
    1: "caption_id variant caption line stem path status error_type error traceback attempts seed sequence_length "
    "frame_index time_steps cfg precision model model_fingerprint settings_id npy_sha256 json_sha256 png_sha256 bytes "
    "height lowest_y bone_error flags run_id partition worker device batch_size seconds started_at finished_at",
    2: "caption_id variant caption line source stem path status error_type error traceback attempts seed "
    "sequence_length frame_index time_steps cfg temperature precision model model_fingerprint settings_id "
    "pinned npy_sha256 json_sha256 png_sha256 bvh_sha256 glb_sha256 openpose_sha256 openpose_png_sha256 "
    "motion_sha256 picture bytes height lowest_y bone_error flags run_id partition worker device batch_size seconds "
    "started_at finished_at",
}


def test_each_version_has_its_columns() -> None:
    assert list(SCHEMA.names) == COLUMNS[SCHEMA_VERSION].split()
    assert SCHEMA.metadata == {b"posepipe_schema": str(SCHEMA_VERSION).encode()}


def test_times_are_utc_and_every_column_may_be_null() -> None:
    assert {SCHEMA.field(name).type for name in ("started_at", "finished_at")} == {pa.timestamp("us", tz="UTC")}
    assert all(field.nullable for field in SCHEMA)


def test_numbers_are_wide_enough_and_texts_are_texts() -> None:
    wide = {name for name in SCHEMA.names if SCHEMA.field(name).type == pa.int64()}
    assert {"seed", "line", "bytes"} <= wide
    texts = {name for name in SCHEMA.names if SCHEMA.field(name).type == pa.string()}
    assert {"caption_id", "stem", "path", "status", "flags", "settings_id", "npy_sha256"} <= texts
