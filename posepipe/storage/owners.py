"""The record in a manifest's folder of the output folder that it describes, ``.posepipe-manifest.json``.

The record holds the absolute path of the output folder and, where both folders lie in one project, the path relative to
the manifest. The relative one counts if it leads to a folder, so that a project that was moved or copied stays whole.
"""

from __future__ import annotations

import json
import os
from typing import Final

from posepipe.errors import ManifestError
from posepipe.storage.folders import Folder
from posepipe.storage.locations import beside, real_path

RECORD: Final = ".posepipe-manifest.json"
_MAX_BYTES: Final = 1 << 16


def owner_of(manifest: Folder) -> str | None:
    """The output folder that a manifest belongs to, as an absolute path or address; None where none is recorded.

    Raises
    ------
    ManifestError
        The record cannot be read.
    """
    try:
        content = json.loads(manifest.read_part(RECORD, 0, _MAX_BYTES))
        owner, relative = content["final_dir"], content.get("beside", "")
        if not (isinstance(owner, str) and isinstance(relative, str)) or "\0" in owner + relative:
            raise TypeError("a path is not text")
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ManifestError(
            f"{manifest.path / RECORD}: cannot be read ({error}); remove it if the manifest is the right one"
        ) from None
    if relative and manifest.is_local:
        found = real_path(os.path.join(manifest.absolute, relative))  # noqa: PTH118
        if os.path.isdir(found):  # noqa: PTH112
            return found
    return owner


def record_owner(manifest: Folder, final_dir: Folder) -> None:
    """Write the record, unless it is there already as it would be written."""
    content = {"final_dir": final_dir.absolute}
    if manifest.is_local and final_dir.is_local:
        relative = beside(final_dir.absolute, manifest.absolute)
        if not os.path.isabs(relative):  # noqa: PTH117
            content["beside"] = relative
    manifest.make()
    text = (json.dumps(content) + "\n").encode()
    if not manifest.exists(RECORD) or manifest.read_part(RECORD, 0, _MAX_BYTES) != text:
        manifest.write(RECORD, text, fsync=True)
