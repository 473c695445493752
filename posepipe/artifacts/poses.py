"""Poses of an output folder, read back: joints beside their manifest rows."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from posepipe import manifest
from posepipe.control.state import final_dir_of, read_state
from posepipe.errors import PoseError
from posepipe.skeleton import NUM_JOINTS
from posepipe.storage import locations
from posepipe.storage.stores import Store, open_store

if TYPE_CHECKING:
    import pandas as pd


_EXPORTED: Final = ("caption_id", "variant", "caption", "stem", "flags", "seed", "model", "settings_id")
_EXPORT_ROWS: Final = 8_192


class Poses(Sequence["tuple[pd.Series[Any], NDArray[np.float32]]"]):
    """The finished poses of a run: ``rows`` of the manifest, and for each its joints.

    Indexing and iteration give ``(row, joints)``; joints are (22, 3) float32, metres, read when they are asked for.
    """

    def __init__(self, store: Store, rows: pd.DataFrame) -> None:
        self._store = store
        self.rows = rows
        """One row per finished pose, by caption line and variant."""

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, slice):
            return Poses(self._store, self.rows.iloc[place].reset_index(drop=True))
        row = self.rows.iloc[place]
        return row, self._read(row)

    def __iter__(self) -> Iterator[tuple[pd.Series[Any], NDArray[np.float32]]]:
        for place in range(len(self)):
            yield self[place]

    def joints(self) -> NDArray[np.float32]:
        """All joints at once, (n, 22, 3) float32, metres, in the order of ``rows``.

        Raises
        ------
        PoseError
            An artifact is missing or is no pose; ``posepipe verify`` says more.
        """
        out = np.empty((len(self), NUM_JOINTS, 3), dtype=np.float32)
        for place in range(len(self)):
            out[place] = self._read(self.rows.iloc[place])
        return out

    def write_parquet(self, path: str | Path) -> None:
        """Write joints and what made them as one Parquet file, as ``datasets.load_dataset("parquet", ...)`` takes it.

        Columns ``caption_id``, ``variant``, ``caption``, ``stem``, ``flags``, ``seed``, ``model``, ``settings_id`` and
        ``joints``, a list of 22 lists of 3 float32, metres. Takes a few thousand poses into memory at a time; the
        file is there whole or not at all.

        Raises
        ------
        PoseError
            As for :meth:`joints`.
        """
        import pyarrow as pa
        import pyarrow.parquet as pq

        joints_type = pa.list_(pa.list_(pa.float32(), 3), NUM_JOINTS)
        schema = pa.schema([*(manifest.SCHEMA.field(name) for name in _EXPORTED), ("joints", joints_type)])
        aside = Path(path).with_name(f".{Path(path).name}.tmp")
        try:
            with pq.ParquetWriter(aside, schema, compression="zstd") as writer:
                for start in range(0, len(self), _EXPORT_ROWS):
                    part = self[start : start + _EXPORT_ROWS]
                    rows = pa.Table.from_pandas(part.rows[list(_EXPORTED)], preserve_index=False)
                    flat = pa.array(part.joints().ravel())
                    joints = pa.FixedSizeListArray.from_arrays(pa.FixedSizeListArray.from_arrays(flat, 3), NUM_JOINTS)
                    writer.write_table(rows.append_column("joints", joints.cast(joints_type)).cast(schema))
            aside.replace(path)
        finally:
            aside.unlink(missing_ok=True)

    def _read(self, row: pd.Series[Any]) -> NDArray[np.float32]:
        extension = "npy" if row["npy_sha256"] is not None else "json"
        try:
            content = self._store.read(row["path"], extension)
            if extension == "npy":
                joints = np.load(io.BytesIO(content), allow_pickle=False)
            else:
                joints = np.array(json.loads(content)["joints"], dtype=np.float32)
        except (OSError, ValueError, KeyError) as error:
            raise PoseError(f"{row['path']}.{extension}: {error}; posepipe verify finds what is missing") from error
        if joints.shape != (NUM_JOINTS, 3):
            raise PoseError(f"{row['path']}.{extension}: shape {joints.shape}, not (22, 3)")
        return np.asarray(joints, dtype=np.float32)


def open_poses(out: str | Path, manifest_path: str | Path | None = None) -> Poses:
    """Open the poses of an output folder.

    Parameters
    ----------
    out : path
        The final dir of a run; where that is an address, the folder of its name, or the address and the manifest.
    manifest_path : path, optional
        Its manifest; else what ``out/.posepipe.json`` says.

    Returns
    -------
    Poses
        Finished poses that have an NPY or a JSON.

    Raises
    ------
    ConfigError
        ``out`` is no output folder and no manifest was given.
    ManifestError
        There is no manifest.
    """
    if locations.is_remote(out) and manifest_path is not None:
        place, final_dir = manifest_path, locations.path_of(out)
    else:
        place = manifest_path or read_state(out).manifest
        final_dir = final_dir_of(out)
    rows = manifest.read_manifest(place)
    for name in ("npy_sha256", "json_sha256"):
        rows[name] = rows[name].astype(object).where(rows[name].notna(), None)
    readable = rows["npy_sha256"].notna() | rows["json_sha256"].notna()
    rows = rows[rows["status"].eq("done") & readable].sort_values(["line", "variant"]).reset_index(drop=True)
    return Poses(open_store(final_dir, out), rows)
