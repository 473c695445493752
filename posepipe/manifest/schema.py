"""The columns of the manifest, as one Arrow schema with a version."""

from __future__ import annotations

from typing import Final

import pyarrow as pa

SCHEMA_VERSION: Final = 2
SCHEMA: Final = pa.schema(
    [
        ("caption_id", pa.string()),
        ("variant", pa.int32()),
        ("caption", pa.string()),
        ("line", pa.int64()),
        ("source", pa.string()),
        ("stem", pa.string()),
        ("path", pa.string()),
        ("status", pa.string()),
        ("error_type", pa.string()),
        ("error", pa.string()),
        ("traceback", pa.string()),
        ("attempts", pa.int32()),
        ("seed", pa.int64()),
        ("sequence_length", pa.int32()),
        ("frame_index", pa.int32()),
        ("time_steps", pa.int32()),
        ("cfg", pa.float32()),
        ("temperature", pa.float32()),
        ("precision", pa.string()),
        ("model", pa.string()),
        ("model_fingerprint", pa.string()),
        ("settings_id", pa.string()),
        ("pinned", pa.bool_()),
        ("npy_sha256", pa.string()),
        ("json_sha256", pa.string()),
        ("png_sha256", pa.string()),
        ("bvh_sha256", pa.string()),
        ("glb_sha256", pa.string()),
        ("openpose_sha256", pa.string()),
        ("openpose_png_sha256", pa.string()),
        ("motion_sha256", pa.string()),
        ("picture", pa.string()),
        ("bytes", pa.int64()),
        ("height", pa.float32()),
        ("lowest_y", pa.float32()),
        ("bone_error", pa.float32()),
        ("flags", pa.string()),
        ("run_id", pa.string()),
        ("partition", pa.int32()),
        ("worker", pa.string()),
        ("device", pa.string()),
        ("batch_size", pa.int32()),
        ("seconds", pa.float32()),
        ("started_at", pa.timestamp("us", tz="UTC")),
        ("finished_at", pa.timestamp("us", tz="UTC")),
    ],
    metadata={"posepipe_schema": str(SCHEMA_VERSION)},
)
