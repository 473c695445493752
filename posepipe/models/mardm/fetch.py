"""Bring the official weights and CLIP from the Hugging Face hub."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from posepipe.errors import CheckpointNotFound, MachineError, PosepipeError
from posepipe.models.mardm.files import AUTOENCODER_REPOSITORY, CLIP_REPOSITORY, MARDM_REPOSITORIES, Kind

_CLIP_FILES: Final = (
    "config.json",
    "vocab.json",
    "merges.txt",
    "tokenizer.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
)


def repositories(kind: Kind) -> tuple[str, ...]:
    """Hub repositories that a model is made of."""
    return (MARDM_REPOSITORIES[kind], AUTOENCODER_REPOSITORY, CLIP_REPOSITORY)


def fetch_repository(repository: str, checkpoints: Path) -> Path:
    """Download a repository into a folder of its name; a download that was cut short goes on.

    Parameters
    ----------
    repository : str
        ``owner/name`` on the hub, or on the server that ``HF_ENDPOINT`` names. Of CLIP only what its text
        encoder needs is taken.
    checkpoints : Path
        Made where missing.

    Returns
    -------
    Path
        The folder; archives in it are unpacked.

    Raises
    ------
    CheckpointNotFound
        There is no such repository, or it is not open to you.
    MachineError
        The hub cannot be reached, or the disk is full.
    """
    folder = checkpoints / repository.rpartition("/")[2]
    try:
        _download(repository, folder)
        for archive in sorted(folder.glob("**/*.zip")):
            with zipfile.ZipFile(archive) as content:
                content.extractall(archive.parent)
    except Exception as error:
        raise _explained(repository, folder, error) from error
    return folder


def _download(repository: str, folder: Path) -> None:
    from huggingface_hub import HfApi, snapshot_download

    wanted: Sequence[str] | None = None
    if repository == CLIP_REPOSITORY:
        held = set(HfApi().list_repo_files(repository))
        weights = "model.safetensors" if "model.safetensors" in held else "pytorch_model.bin"
        wanted = [name for name in (weights, *_CLIP_FILES) if name in held]
    snapshot_download(repository, local_dir=folder, allow_patterns=None if wanted is None else list(wanted))


def _explained(repository: str, folder: Path, error: Exception) -> Exception:
    """One clear line for what can go wrong between here and the hub; other errors as they are."""
    from huggingface_hub import constants
    from huggingface_hub.errors import (
        GatedRepoError,
        HfHubHTTPError,
        LocalEntryNotFoundError,
        RepositoryNotFoundError,
    )

    if isinstance(error, PosepipeError):
        return error
    if isinstance(error, LocalEntryNotFoundError) and isinstance(error.__cause__, HfHubHTTPError):
        error = error.__cause__
    if isinstance(error, GatedRepoError):
        return CheckpointNotFound(f"{repository} asks for its terms to be accepted on the hub, then `hf auth login`")
    if isinstance(error, RepositoryNotFoundError):
        return CheckpointNotFound(f"the hub at {constants.ENDPOINT} has no repository {repository}, or it is private")
    reason = str(error).strip().split("\n")[0] or type(error).__name__
    if isinstance(error, HfHubHTTPError):
        return MachineError(f"the hub at {constants.ENDPOINT} refused {repository}: {reason}")
    # Versions of the hub's client differ in the HTTP library they use.
    libraries = {parent.__module__.partition(".")[0] for parent in type(error).__mro__}
    unreachable = (ConnectionError, TimeoutError, LocalEntryNotFoundError)
    if isinstance(error, unreachable) or libraries & {"requests", "httpx", "httpx2"}:
        return MachineError(f"the hub at {constants.ENDPOINT} cannot be reached: {reason}; run it again to go on")
    if isinstance(error, zipfile.BadZipFile):
        return CheckpointNotFound(f"an archive in {folder} is broken: delete it and fetch again")
    if isinstance(error, OSError):
        return MachineError(f"{repository} cannot be written to {folder}: {reason}; run it again to go on")
    return error
