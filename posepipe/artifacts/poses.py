"""The finished poses of an output folder, read back with their manifest rows: :func:`open_poses`."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, overload

import numpy as np
from numpy.typing import NDArray

from posepipe import manifest
from posepipe.artifacts.decoding import read_joints
from posepipe.control.projects import find_project
from posepipe.errors import PoseError
from posepipe.skeleton import NUM_JOINTS
from posepipe.storage import atomic, shards
from posepipe.storage.artifact_formats import file_of
from posepipe.storage.folders import Folder
from posepipe.storage.locations import open_folder

if TYPE_CHECKING:
    import pandas as pd

_EXPORTED: Final = ("caption_id", "variant", "caption", "stem", "flags", "seed", "model", "settings_id")
_EXPORT_ROWS: Final = 8_192


_NULLS: Final[dict[str, Any]] = {"string": "", "float": math.nan, "int32": -1, "int64": -1, "bool": False}
"""What a :class:`PoseRow` has where the manifest has null, by Arrow's name of the type."""
_KINDS: Final = {field.name: str(field.type) for field in manifest.SCHEMA if str(field.type) in _NULLS}
"""The columns of a :class:`PoseRow` and their types."""
_PYTHON: Final[dict[str, Any]] = {"string": str, "float": float, "int32": int, "int64": int, "bool": bool}


class PoseRow(dict[str, Any]):
    """The manifest's columns of one pose, by name: ``row["flags"]`` or ``row.flags``.

    So that ``torch.utils.data.default_collate`` takes it, it has no timestamps, and ``""``, NaN, -1 or False where the
    manifest has null.
    """

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(f"a row has no column {name!r}") from None


class Poses(Sequence[tuple[PoseRow, NDArray[np.float32]]]):
    """The finished poses of a run: the rows of the manifest, and the joints of each.

    Indexing and iteration give ``(row, joints)``: a :class:`PoseRow`, and (22, 3) float32 in metres, read on access.
    It can be given to ``torch.utils.data.DataLoader`` as it is.

    Attributes
    ----------
    rows : pandas.DataFrame
        One row per finished pose with all columns of the manifest, sorted by line and variant.
    """

    def __init__(self, final_dir: Folder, rows: pd.DataFrame) -> None:
        self._final_dir = final_dir
        self.rows = rows

    def __len__(self) -> int:
        return len(self.rows)

    @overload
    def __getitem__(self, index: int) -> tuple[PoseRow, NDArray[np.float32]]: ...

    @overload
    def __getitem__(self, index: slice) -> Poses: ...

    def __getitem__(self, index: int | slice) -> tuple[PoseRow, NDArray[np.float32]] | Poses:
        if isinstance(index, slice):
            return Poses(self._final_dir, self.rows.iloc[index].reset_index(drop=True))
        row = self.rows.iloc[index]
        return _pose_row(row), self._read(row)

    def __iter__(self) -> Iterator[tuple[PoseRow, NDArray[np.float32]]]:
        for index in range(len(self)):
            yield self[index]

    def joints(self) -> NDArray[np.float32]:
        """All joints, (n, 22, 3) float32, metres, in the order of ``rows``.

        Raises
        ------
        PoseError
            An artifact is missing or not a pose. ``posepipe verify`` says more.
        """
        out = np.empty((len(self), NUM_JOINTS, 3), dtype=np.float32)
        for index in range(len(self)):
            out[index] = self._read(self.rows.iloc[index])
        return out

    def write_parquet(self, path: str | Path) -> None:
        """Write all joints as one Parquet file, for ``datasets.load_dataset("parquet", ...)``.

        Columns ``caption_id``, ``variant``, ``caption``, ``stem``, ``flags``, ``seed``, ``model``, ``settings_id`` and
        ``joints``, a list of 22 lists of 3 float32, metres. At most a few thousand poses are in memory at a time, and
        the file appears whole or not at all.

        Raises
        ------
        PoseError
            As for :meth:`joints`.
        """
        import pyarrow as pa
        import pyarrow.parquet as pq

        joints_type = pa.list_(pa.list_(pa.float32(), 3), NUM_JOINTS)
        schema = pa.schema([*(manifest.SCHEMA.field(name) for name in _EXPORTED), ("joints", joints_type)])
        with atomic.writing(Path(path)) as temporary, pq.ParquetWriter(temporary, schema, compression="zstd") as writer:
            for start in range(0, len(self), _EXPORT_ROWS):
                part = self[start : start + _EXPORT_ROWS]
                rows = pa.Table.from_pandas(part.rows[list(_EXPORTED)], preserve_index=False)
                flat = pa.array(part.joints().ravel())
                joints = pa.FixedSizeListArray.from_arrays(pa.FixedSizeListArray.from_arrays(flat, 3), NUM_JOINTS)
                writer.write_table(rows.append_column("joints", joints.cast(joints_type)).cast(schema))

    def _read(self, row: pd.Series[Any]) -> NDArray[np.float32]:
        name = "npy" if row["npy_sha256"] is not None else "json"
        file = file_of(row["path"], name)
        try:
            return read_joints(shards.read(self._final_dir, file), name, original=_is_null(row["model"]))
        except (OSError, PoseError) as error:
            raise PoseError(f"{file}: {error}; posepipe verify finds what is missing") from error


def _pose_row(row: pd.Series[Any]) -> PoseRow:
    """A row of the frame without timestamps, numpy's scalars and nulls."""
    import pandas as pd

    found = PoseRow()
    for name, kind in _KINDS.items():
        value = row.get(name)
        found[name] = _NULLS[kind] if value is None or pd.isna(value) else _PYTHON[kind](value)
    return found


def _is_null(value: object) -> bool:
    """Whether a value of a pandas column is missing: None or NaN."""
    return value is None or value != value


def open_poses(out: str | Path, manifest_path: str | Path | None = None) -> Poses:
    """Open the poses of an output folder.

    Parameters
    ----------
    out : path
        The final dir of a run. For output at an address: the local folder with the address's name, or the address
        itself together with ``manifest_path``.
    manifest_path : path, optional
        The manifest. By default the one that ``out/.posepipe.json`` names.

    Returns
    -------
    Poses
        Finished poses that have an NPY or a JSON.

    Raises
    ------
    ConfigError
        ``out`` is not an output folder and no manifest was given.
    ManifestError
        There is no manifest.
    RefusedError
        ``out`` was moved or copied without its manifest.

    Warns
    -----
    UserWarning
        ``out`` was moved or copied, and the manifest beside it is used.
    """
    given = open_folder(out)
    if given.is_local or manifest_path is None:
        project = find_project(out, manifest_path)
        given, folder = project.final_dir, project.manifest
        if project.note:
            warnings.warn(project.note, stacklevel=2)
    else:
        folder = open_folder(manifest_path)
    rows = manifest.read_manifest(folder)
    for name in ("npy_sha256", "json_sha256"):
        rows[name] = rows[name].astype(object).where(rows[name].notna(), None)
    readable = rows["npy_sha256"].notna() | rows["json_sha256"].notna()
    rows = rows[rows["status"].eq("done") & readable].sort_values(["line", "variant"]).reset_index(drop=True)
    return Poses(given, rows)
