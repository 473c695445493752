"""The head of a manifest, a Parquet file without rows. It names the output folder that the manifest describes.

The head's metadata hold the absolute path of the output folder and, where both folders lie in one project, the path
relative to the manifest. The relative one counts if it leads to a folder, so that a project that was moved or copied
stays whole.

The head has all columns, and its name is the first in the folder. ``pandas.read_parquet(folder)`` takes the columns
from there: it gives an empty frame before the first pose is done, and all columns where an earlier version wrote the
other files. Earlier versions recorded the output folder in ``.posepipe-manifest.json``.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Final

from posepipe.errors import DamagedFragment, MachineError, ManifestError
from posepipe.storage import checksums
from posepipe.storage.folders import Folder
from posepipe.storage.locations import beside, real_path

if TYPE_CHECKING:
    import pyarrow as pa

HEAD: Final = "0-manifest"
"""Beginning of the head's name."""
RECORD: Final = ".posepipe-manifest.json"
"""The record of earlier versions; where there is one, it counts."""
_OWNER: Final = b"posepipe_owner"
"""Metadata key of the head: the record, as JSON."""
_MAX_BYTES: Final = 1 << 16


def owner_of(manifest: Folder) -> str | None:
    """The output folder that a manifest belongs to, as an absolute path or address; None where none is recorded.

    Raises
    ------
    ManifestError
        The record cannot be read.
    MachineError
        It cannot be read for the moment.
    """
    try:
        where, text = _record(manifest)
        if text is None:
            return None
        content = json.loads(text)
        owner, relative = content["final_dir"], content.get("beside", "")
        if not (isinstance(owner, str) and isinstance(relative, str)) or "\0" in owner + relative:
            raise TypeError("a path is not text")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        if isinstance(error, ManifestError):
            raise
        raise ManifestError(
            f"{manifest.path / where}: cannot be read ({error}); remove it if the manifest is the right one"
        ) from None
    if relative and manifest.is_local:
        found = real_path(os.path.join(manifest.absolute, relative))  # noqa: PTH118
        if os.path.isdir(found):  # noqa: PTH112
            return found
    return owner


def record_owner(manifest: Folder, final_dir: Folder, columns: pa.Schema) -> None:
    """Write the head with these columns, unless it is there already as it would be written."""
    content = {"final_dir": final_dir.absolute}
    if manifest.is_local and final_dir.is_local:
        relative = beside(final_dir.absolute, manifest.absolute)
        if not os.path.isabs(relative):  # noqa: PTH117
            content["beside"] = relative
    head = columns.with_metadata({**(columns.metadata or {}), _OWNER: json.dumps(content).encode()})
    heads = _heads(manifest)
    if [schema.equals(head, check_metadata=True) for _, schema in heads] != [True]:
        _write(manifest, head, [name for name, _ in heads])
    manifest.delete(RECORD)


def _write(manifest: Folder, schema: pa.Schema, before: list[str]) -> None:
    """Write the head, then delete the former ones."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    stream = pa.BufferOutputStream()
    pq.write_table(schema.empty_table(), stream)
    content = stream.getvalue().to_pybytes()
    name = checksums.named(HEAD, content, ".parquet")
    manifest.make()
    manifest.write(name, content, aside=manifest.beside(), fsync=True)
    for other in before:
        if other != name:
            manifest.delete(other)


def _record(manifest: Folder) -> tuple[str, bytes | None]:
    """The file that holds the record, and the record."""
    try:
        return RECORD, manifest.read_part(RECORD, 0, _MAX_BYTES)
    except FileNotFoundError:
        pass
    found = [(name, (schema.metadata or {}).get(_OWNER)) for name, schema in _heads(manifest)]
    return found[-1] if found else ("", None)


def _heads(manifest: Folder) -> list[tuple[str, pa.Schema]]:
    """Name and schema of the head; of two where a run was killed while it replaced one.

    Raises
    ------
    DamagedFragment, MachineError
        It is damaged, or cannot be read for the moment.
    """
    names = [name for name in _names(manifest) if name.startswith(HEAD)]
    if not names:
        return []
    import pyarrow as pa
    import pyarrow.parquet as pq

    heads = []
    for name in names:
        path = manifest.path / name
        try:
            with manifest.open(name) as source:
                if not checksums.is_whole(name, source):
                    raise ValueError("its bytes are not those that were written")
                heads.append((name, pq.read_schema(source)))
        except FileNotFoundError:
            continue  # replaced meanwhile
        except (pa.ArrowException, OSError, ValueError) as error:
            if isinstance(error, OSError) and error.errno is not None:
                raise MachineError(f"{path}: cannot be read now ({os.strerror(error.errno)})") from error
            raise DamagedFragment(f"{path}: damaged ({error}); posepipe verify OUT --repair makes it again") from error
    return heads


def _names(manifest: Folder) -> list[str]:
    try:
        return manifest.file_names()
    except NotADirectoryError:
        raise ManifestError(f"{manifest}: a manifest is a folder of Parquet files, this is a file") from None
