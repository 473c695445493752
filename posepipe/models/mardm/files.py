"""Where MARDM's weights lie: found by the keys inside files; nothing here loads torch or runs a pickle."""

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
from typing import Final, Literal

from posepipe.errors import CheckpointError, CheckpointNotFound

Kind = Literal["sit", "ddpm"]
Part = Literal["autoencoder", "sit", "ddpm", "length_estimator", "unnamed"]

OFFICIAL_CFG: Final = 4.5
CLIP_REPOSITORY: Final = "openai/clip-vit-base-patch32"
AUTOENCODER_REPOSITORY: Final = "cr8br0ze/AE_humanml3d"
MARDM_REPOSITORIES: Final[dict[Kind, str]] = {
    "sit": "cr8br0ze/MARDM_SiT_XL",
    "ddpm": "cr8br0ze/MARDM_DDPM_XL",
}
OFFICIAL_PATHS: Final[dict[Part, str]] = {
    "autoencoder": "t2m/AE/model/latest.tar",
    "sit": "t2m/MARDM_SiT_XL/model/latest.tar",
    "ddpm": "t2m/MARDM_DDPM_XL/model/latest.tar",
    "length_estimator": "t2m/length_estimator/model/finest.tar",
}
STATISTICS_SOURCE: Final = (
    "Mean.npy and Std.npy of HumanML3D, or utils/eval_mean_std/t2m/eval_mean.npy and eval_std.npy of the "
    "MARDM repository; they are in none of the downloads"
)
LENGTH_ESTIMATOR_SOURCE: Final = "length_estimator.zip, linked in the MARDM repository's README"

_SUFFIXES: Final = (".tar", ".pt", ".pth", ".ckpt", ".bin", ".safetensors")
_STATISTICS: Final = (("Mean.npy", "Std.npy"), ("eval_mean.npy", "eval_std.npy"), ("mean.npy", "std.npy"))
_CLIP_FILES: Final = ("config.json", "vocab.json", "merges.txt", "tokenizer.json")
_CLIP_WEIGHTS: Final = ("model.safetensors", "pytorch_model.bin")
_MAX_DEPTH: Final = 7


def _zip_names(path: Path) -> Iterator[str]:
    with zipfile.ZipFile(path) as archive:
        for entry in archive.namelist():
            if entry.rpartition("/")[2] == "data.pkl":
                for opcode, argument, _ in pickletools.genops(archive.read(entry)):
                    if "UNICODE" in opcode.name:
                        yield str(argument)


def _legacy_names(path: Path) -> Iterator[str]:
    """Of torch's format before 1.6: magic number, protocol, system, then the object, each a pickle."""
    with path.open("rb") as file:
        for _ in range(4):
            for opcode, argument, _ in pickletools.genops(file):
                if "UNICODE" in opcode.name:
                    yield str(argument)


def names_inside(path: Path) -> frozenset[str]:
    """Names of the tensors and keys in a weights file.

    Parameters
    ----------
    path : Path
        A file of torch (either format) or safetensors.

    Raises
    ------
    CheckpointError
        It is none of these, or cut short.
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
            f"{path} is no whole weights file ({path.stat().st_size:,} bytes): download it again"
        ) from error


def _named_kind(path: Path) -> Part:
    """SiT and DDPM weights have equal keys and shapes; only the name of a folder or file tells them apart."""
    for part in reversed(path.parts):
        sit = re.search(r"(?<![a-z])sit(?![a-z])", part.lower()) is not None
        ddpm = "ddpm" in part.lower()
        if sit != ddpm:
            return "sit" if sit else "ddpm"
    return "unnamed"


def _part_of(path: Path, root: Path) -> Part | None:
    """What a weights file holds; None if nothing of MARDM's for HumanML3D."""
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
    """What a folder holds.

    Attributes
    ----------
    root : Path
        The folder.
    parts : dict
        Files by part, the one to take first. ``unnamed`` holds MARDM weights that could be SiT or DDPM.
    statistics : tuple of (Path, Path)
        Mean and standard deviation, the pair to take first.
    clip : Path or None
        Folder of the text encoder.
    damaged : tuple of str
        Why files could not be read.
    """

    root: Path
    parts: dict[Part, tuple[Path, ...]]
    statistics: tuple[tuple[Path, Path], ...]
    clip: Path | None
    damaged: tuple[str, ...]


def _folders(root: Path) -> Iterator[tuple[Path, frozenset[str]]]:
    for place, folders, files in os.walk(root, followlinks=True):
        depth = len(Path(place).relative_to(root).parts)
        folders[:] = sorted(f for f in folders if not f.startswith(".")) if depth < _MAX_DEPTH else []
        yield Path(place), frozenset(files)


def _is_clip(folder: Path, files: frozenset[str]) -> bool:
    if "config.json" not in files or files.isdisjoint(_CLIP_WEIGHTS):
        return False
    try:
        config = json.loads((folder / "config.json").read_bytes())
    except ValueError:
        return False
    return isinstance(config, dict) and str(config.get("model_type", "")).startswith("clip")


def _cached_clip() -> Path | None:
    """CLIP's folder in the Hugging Face cache."""
    from huggingface_hub import try_to_load_from_cache

    for weights in _CLIP_WEIGHTS:
        found = try_to_load_from_cache(CLIP_REPOSITORY, weights)
        if isinstance(found, str) and (Path(found).parent / "config.json").exists():
            return Path(found).parent
    return None


def _order(part: Part, path: Path) -> tuple[bool, bool, bool, str]:
    """The official place first, a copy without code before its original, the latest before the best."""
    official = OFFICIAL_PATHS.get(part, "").removesuffix(".tar")
    here = official != "" and path.with_suffix("").as_posix().endswith("/" + official)
    return (not here, path.suffix != ".safetensors", path.stem not in ("latest", "finest"), str(path))


def survey(folder: Path) -> Survey:
    """Look through a checkpoints folder: the official layout, its parent, or any folder of downloads.

    Statistics are also looked for where the MARDM repository has them, beside the folder; CLIP also in the
    Hugging Face cache.
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
    """The files of one model; ``length_estimator`` and ``clip`` may be absent."""

    kind: Kind
    autoencoder: Path
    mardm: Path
    mean: Path
    std: Path
    length_estimator: Path | None
    clip: Path | None


def missing_parts(found: Survey, kind: Kind) -> list[str]:
    """What a model lacks in a folder, with where each may be had; empty when it can be loaded."""
    lacks = []
    if "autoencoder" not in found.parts:
        lacks.append(f"the autoencoder ({OFFICIAL_PATHS['autoencoder']}; hub repository {AUTOENCODER_REPOSITORY})")
    if kind not in found.parts:
        lack = f"the MARDM weights ({OFFICIAL_PATHS[kind]}; hub repository {MARDM_REPOSITORIES[kind]})"
        if "unnamed" in found.parts:
            lack += (
                f" - {found.parts['unnamed'][0]} may be they, but SiT and DDPM weights can only be told apart"
                f" by name: put it in a folder named {MARDM_REPOSITORIES[kind].rpartition('/')[2]}"
            )
        lacks.append(lack)
    if not found.statistics:
        lacks.append(f"the statistics ({STATISTICS_SOURCE})")
    return lacks


def find(folder: Path, kind: Kind, *, need_clip: bool = True) -> CheckpointFiles:
    """Find the files of a model.

    Parameters
    ----------
    folder : Path
        See :func:`survey`.
    kind : {"sit", "ddpm"}
        Which of the two official models.
    need_clip : bool
        Whether the text encoder must be there too.

    Raises
    ------
    CheckpointNotFound
        Something is missing; the message lists all of it and where it may be had.
    CheckpointError
        Something is missing, and there are files that could not be read.
    """
    found = survey(folder)
    lacks = missing_parts(found, kind)
    if need_clip and found.clip is None:
        lacks.append(f"the text encoder (hub repository {CLIP_REPOSITORY})")
    if lacks and found.damaged:
        raise CheckpointError("; ".join((*found.damaged, "missing: " + "; ".join(lacks))))
    if lacks:
        raise CheckpointNotFound(
            f"mardm-{kind}-xl is not complete under {folder}. Missing: {'; '.join(lacks)}. "
            f"`posepipe models fetch mardm-{kind}-xl --checkpoints {folder}` brings what the hub has"
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
    """First 16 hex digits of a SHA-256 over the files' contents, in the order given."""
    digest = hashlib.sha256()
    for path in paths:
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()[:16]


def weight_files(files: CheckpointFiles) -> list[Path]:
    """All files whose contents change the poses, in a fixed order."""
    paths = [files.autoencoder, files.mardm, files.mean, files.std]
    if files.length_estimator is not None:
        paths.append(files.length_estimator)
    if files.clip is not None:
        weights = next(name for name in _CLIP_WEIGHTS if (files.clip / name).exists())
        names = (weights, *_CLIP_FILES)
        paths += [files.clip / name for name in names if (files.clip / name).exists()]
    return paths
