"""Find the manifest of an output folder, also after the project was moved or copied. The manifest of another output
folder is never used, so a copy neither reads nor changes what belongs to its original."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from posepipe.control.state import RunState, final_dir_of, read_state
from posepipe.errors import ConfigError, RefusedError
from posepipe.storage.folders import Folder
from posepipe.storage.locations import absolute, is_remote, open_folder, shown
from posepipe.storage.owners import owner_of


@dataclass(frozen=True)
class Project:
    """An output folder and its manifest.

    Attributes
    ----------
    final_dir, manifest : Folder
    note : str
        What the user should know about how the manifest was found, in one line; mostly empty.
    """

    final_dir: Folder
    manifest: Folder
    note: str = ""


def find_project(out: Path | str, manifest: Path | str | None = None) -> Project:
    """The folders of an output folder.

    Parameters
    ----------
    out : path
        For output at an address, the local folder with its name.
    manifest : path or address, optional
        By default the one that the state file names. If ``out`` was moved or copied since it was written, that is the
        manifest that lies beside ``out`` as the old one lay beside the old ``out``, or the old one if it belongs to
        nobody else now.

    Raises
    ------
    ConfigError
        ``out`` has no state file and no manifest is given.
    RefusedError
        ``out`` was moved or copied, and the manifest that was found belongs to another output folder.
    """
    if manifest is not None:
        return Project(final_dir_of(out), open_folder(manifest))
    state = read_state(out)
    found = Project(final_dir_of(out), open_folder(state.manifest), note_on_move(out, state))
    if state.moved is not None and not accepts(found.manifest, found.final_dir, state):
        raise RefusedError(
            f"{out}: was moved or copied here from {state.moved.out}, without its manifest ({state.moved.manifest} "
            f"belongs to {owner_of(found.manifest)}); copy the manifest too, or give --manifest another folder and "
            "--adopt, which records the poses from their files"
        )
    return found


def note_on_move(out: Path | str, state: RunState) -> str:
    """A line that says that an output folder was moved or copied; empty if it was not."""
    if state.moved is None:
        return ""
    return f"{out}: was moved or copied here from {state.moved.out}; its manifest is {shown(state.manifest)}"


def accepts(manifest: Folder, final_dir: Folder, state: RunState | None) -> bool:
    """Whether a manifest belongs to an output folder, or to nobody else.

    Parameters
    ----------
    manifest, final_dir : Folder
    state : RunState, optional
        Of the output folder.
    """
    owner = owner_of(manifest)
    if owner == final_dir.absolute:
        return True
    moved = None if state is None or manifest.absolute != absolute(state.manifest) else state.moved
    if moved is None:
        return owner is None
    if manifest.absolute != moved.manifest and owner in (None, moved.out):
        return True  # both were moved or copied; a record of an older version still has the absolute path
    former = moved.out if owner is None else owner
    return not is_remote(former) and not os.path.lexists(former)


def former_owner(manifest: Folder, final_dir: Folder, out: Path | str) -> str | None:
    """The name that a manifest still has for an output folder that was moved or copied; None if it has no other."""
    return owner_of(manifest) if accepts(manifest, final_dir, state_of(out)) else None


def state_of(out: Path | str) -> RunState | None:
    """The state of an output folder; None where there is none that can be read."""
    try:
        return read_state(out)
    except ConfigError:
        return None
