"""Finding MARDM's weight files in a folder, by the tensor names inside them.

Nothing here imports torch or executes a pickle.
"""

from __future__ import annotations

import hashlib
import json
import os
import pickletools
import re
import struct
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from posepipe.errors import CheckpointError, CheckpointNotFound
from posepipe.models.mardm.hub_files import ARCHIVES, CLIP_REPOSITORY, Kind, Part

OFFICIAL_CFG: Final = 4.5
OFFICIAL_TEMPERATURE: Final = 1.0
STATISTICS_SOURCE: Final = (
    "eval_mean.npy and eval_std.npy of the MARDM repository on GitHub (utils/eval_mean_std/t2m), or Mean.npy and "
    "Std.npy of HumanML3D"
)

_SUFFIXES: Final = (".tar", ".pt", ".pth", ".ckpt", ".bin", ".safetensors")
_STATISTICS: Final = (("Mean.npy", "Std.npy"), ("eval_mean.npy", "eval_std.npy"), ("mean.npy", "std.npy"))
_CLIP_FILES: Final = ("config.json", "vocab.json", "merges.txt", "tokenizer.json")
_CLIP_WEIGHTS: Final = ("model.safetensors", "pytorch_model.bin")
_MAX_DEPTH: Final = 7


def _zip_names(path: Path) -> Iterator[str]:
    """Strings in the pickle of a file in torch's zip format."""
    with zipfile.ZipFile(path) as archive:
        for entry in archive.namelist():
            if entry.rpartition("/")[2] == "data.pkl":
                for opcode, argument, _ in pickletools.genops(archive.read(entry)):
                    if "UNICODE" in opcode.name:
                        yield str(argument)


def _legacy_names(path: Path) -> Iterator[str]:
    """Strings in a file of torch before 1.6: magic number, protocol, system and object, each a pickle."""
    with path.open("rb") as file:
        for _ in range(4):
            for opcode, argument, _ in pickletools.genops(file):
                if "UNICODE" in opcode.name:
                    yield str(argument)


def names_inside(path: Path) -> frozenset[str]:
    """Names of the tensors and keys in a weight file.

    Parameters
    ----------
    path : Path
        A file of torch (either of its formats) or safetensors.

    Raises
    ------
    CheckpointError
        The file is neither, or it is cut short.
    """
    try:
        if path.suffix == ".safetensors":
            with path.open("rb") as file:
                (size,) = struct.unpack("<Q", file.read(8))
                header = json.loads(file.read(size)) if size < path.stat().st_size else {}
            end = max((entry["data_offsets"][1] for name, entry in header.items() if name != "__metadata__"))
            if 8 + size + end != path.stat().st_size:
                raise ValueError("cut short")
            return frozenset(header)
        names = _zip_names(path) if zipfile.is_zipfile(path) else _legacy_names(path)
        return frozenset(names)
    except (ValueError, KeyError, TypeError, struct.error, zipfile.BadZipFile, EOFError) as error:
        raise CheckpointError(
            f"{path} is not a complete weight file ({path.stat().st_size:,} bytes): download it again"
        ) from error


def _named_kind(path: Path) -> Part:
    """Whether a MARDM file is SiT or DDPM. Their keys and shapes are equal, so the name of file or folder decides."""
    for part in reversed(path.parts):
        sit = re.search(r"(?<![a-z])sit(?![a-z])", part.lower()) is not None
        ddpm = "ddpm" in part.lower()
        if sit != ddpm:
            return "sit" if sit else "ddpm"
    return "unnamed"


def _part_of(path: Path, root: Path) -> Part | None:
    """What a weight file holds; None if it is not one of MARDM's for HumanML3D."""
    names = names_inside(path)
    if "kit" in (part.lower() for part in path.relative_to(root).parts):
        return None
    if "DiffMLPs.net.input_proj.weight" in names:
        return _named_kind(path.relative_to(root.parent))
    if {"encoder.model.0.weight", "decoder.model.0.weight"} <= names and not any("quantizer" in n for n in names):
        return "autoencoder"
    if "output.11.weight" in names:
        return "length_estimator"
    return None


@dataclass(frozen=True)
class Survey:
    """What was found in a checkpoints folder.

    Attributes
    ----------
    root : Path
        The folder, resolved.
    parts : dict
        Files for each part, the preferred one first. ``unnamed`` holds MARDM weights that may be SiT or DDPM.
    statistics : tuple of (Path, Path)
        Pairs of mean and standard deviation, the preferred one first.
    clip : Path or None
        Folder of the text encoder.
    damaged : tuple of str
        One message for each file that could not be read.
    """

    root: Path
    parts: dict[Part, tuple[Path, ...]]
    statistics: tuple[tuple[Path, Path], ...]
    clip: Path | None
    damaged: tuple[str, ...]


def _folders(root: Path) -> Iterator[tuple[Path, frozenset[str]]]:
    """Folders below ``root`` with the names of their files; hidden ones are left out."""
    for place, folders, files in os.walk(root, followlinks=True):
        depth = len(Path(place).relative_to(root).parts)
        folders[:] = sorted(f for f in folders if not f.startswith(".")) if depth < _MAX_DEPTH else []
        yield Path(place), frozenset(name for name in files if not name.startswith("."))


def _is_clip(folder: Path, files: frozenset[str]) -> bool:
    """Whether a folder holds all files of a CLIP text encoder."""
    has_tokenizer = {"vocab.json", "merges.txt"} <= files or "tokenizer.json" in files
    if "config.json" not in files or files.isdisjoint(_CLIP_WEIGHTS) or not has_tokenizer:
        return False
    try:
        config = json.loads((folder / "config.json").read_bytes())
    except ValueError:
        return False
    return isinstance(config, dict) and str(config.get("model_type", "")).startswith("clip")


def _cached_clip() -> Path | None:
    """CLIP's folder in the Hugging Face cache, if all its files are there."""
    from huggingface_hub import try_to_load_from_cache

    for weights in _CLIP_WEIGHTS:
        found = try_to_load_from_cache(CLIP_REPOSITORY, weights)
        if isinstance(found, str):
            folder = Path(found).parent
            if _is_clip(folder, frozenset(path.name for path in folder.iterdir())):
                return folder
    return None


def _order(part: Part, path: Path) -> tuple[bool, bool, bool, str]:
    """Sort key: the official place first, safetensors before other formats, the latest weights before others."""
    official = ARCHIVES[part].path.removesuffix(".tar") if part in ARCHIVES else ""
    here = official != "" and path.with_suffix("").as_posix().endswith("/" + official)
    return (not here, path.suffix != ".safetensors", path.stem not in ("latest", "finest"), str(path))


def survey(folder: Path) -> Survey:
    """Search a checkpoints folder: the official layout, its parent, or any folder of downloads.

    The statistics are also searched where the MARDM repository keeps them, beside the folder; CLIP is also searched in
    the Hugging Face cache.
    """
    root = folder.resolve()
    parts: dict[Part, list[Path]] = {}
    damaged: list[str] = []
    clip: Path | None = None
    places: list[Path] = []
    for place, files in _folders(root):
        places.append(place)
        if _is_clip(place, files):
            clip = clip or place
            continue
        for path in sorted(place / name for name in files if name.endswith(_SUFFIXES)):
            try:
                part = _part_of(path, root)
            except CheckpointError as error:
                damaged.append(str(error))
            else:
                if part is not None:
                    parts.setdefault(part, []).append(path)
    beside = [up / inner for up in root.parents[:2] for inner in ("datasets/HumanML3D", "utils/eval_mean_std/t2m")]
    statistics = [
        (place / mean, place / std)
        for mean, std in _STATISTICS
        for place in dict.fromkeys((*places, *beside))
        if (place / mean).is_file() and (place / std).is_file() and "kit" not in place.parts
    ]
    return Survey(
        root,
        {part: tuple(sorted(paths, key=lambda path: _order(part, path))) for part, paths in parts.items()},
        tuple(statistics),
        clip or _cached_clip(),
        tuple(damaged),
    )


@dataclass(frozen=True)
class CheckpointFiles:
    """The files of one model; ``length_estimator`` and ``clip`` are None if they were not found."""

    kind: Kind
    autoencoder: Path
    mardm: Path
    mean: Path
    std: Path
    length_estimator: Path | None
    clip: Path | None


def missing_parts(found: Survey, kind: Kind, *, need_clip: bool = True) -> list[str]:
    """What a model needs and was not found, with the source of each part; empty when the model can be loaded."""
    missing = []
    if "autoencoder" not in found.parts:
        missing.append(f"the autoencoder ({_source('autoencoder')})")
    if kind not in found.parts:
        line = f"the MARDM weights ({_source(kind)})"
        if "unnamed" in found.parts:
            line += (
                f" - {found.parts['unnamed'][0]} may hold them, but only a name can tell SiT from DDPM weights: "
                f"put it in a folder named {ARCHIVES[kind].member.split('/')[0]}"
            )
        missing.append(line)
    if not found.statistics:
        missing.append(f"the statistics ({STATISTICS_SOURCE})")
    if need_clip and found.clip is None:
        missing.append(f"the text encoder (hub repository {CLIP_REPOSITORY})")
    return missing


def _source(part: Part) -> str:
    return f"{ARCHIVES[part].path}; hub repository {ARCHIVES[part].repository}"


def find(folder: Path, kind: Kind, *, need_clip: bool = True) -> CheckpointFiles:
    """Find the files of a model.

    Parameters
    ----------
    folder : Path
        See :func:`survey`.
    kind : {"sit", "ddpm"}
        Which of the two official models.
    need_clip : bool
        Whether the text encoder is needed too.

    Raises
    ------
    CheckpointNotFound
        Files are missing. The message lists all of them with their sources.
    CheckpointError
        Files are missing, and others could not be read.
    """
    found = survey(folder)
    missing = missing_parts(found, kind, need_clip=need_clip)
    if missing and found.damaged:
        raise CheckpointError("; ".join((*found.damaged, "missing: " + "; ".join(missing))))
    if missing:
        raise CheckpointNotFound(
            f"mardm-{kind}-xl is not complete in {folder}. Missing: {'; '.join(missing)}. "
            f"Run `posepipe models fetch mardm-{kind}-xl --checkpoints {folder}`"
        )
    mean, std = found.statistics[0]
    estimators = found.parts.get("length_estimator", ())
    return CheckpointFiles(
        kind,
        found.parts["autoencoder"][0],
        found.parts[kind][0],
        mean,
        std,
        estimators[0] if estimators else None,
        found.clip,
    )


def fingerprint(paths: Iterable[Path]) -> str:
    """First 16 hex digits of a SHA-256 over the contents of files, in the given order."""
    digest = hashlib.sha256()
    for path in paths:
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()[:16]


def weight_files(files: CheckpointFiles) -> list[Path]:
    """All files whose contents affect the poses, in a fixed order."""
    paths = [files.autoencoder, files.mardm, files.mean, files.std]
    if files.length_estimator is not None:
        paths.append(files.length_estimator)
    if files.clip is not None:
        weights = next(name for name in _CLIP_WEIGHTS if (files.clip / name).exists())
        names = (weights, *_CLIP_FILES)
        paths += [files.clip / name for name in names if (files.clip / name).exists()]
    return paths
