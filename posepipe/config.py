"""The options of a run, each in one place: name, default, meaning, limits, and whether it changes the pose.

The command line, the presets, the checks and ``settings_id`` are all derived from :class:`RunConfig`.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final

from posepipe.errors import ConfigError
from posepipe.storage import locations
from posepipe.storage.locations import RunFolders

PRESETS: Final[dict[str, dict[str, Any]]] = {
    "fast": {"time_steps": 10, "cfg": 3.0, "sequence_length": 8},
    "default": {"time_steps": 18, "cfg": None, "sequence_length": 16},
    "high": {"time_steps": 50, "cfg": 5.0, "sequence_length": 32},
}
FORMATS: Final = ("npy", "json", "png")
MIN_FRAMES: Final = 4
MAX_FRAMES: Final = 196


def _option(default: Any, text: str, **extra: Any) -> Any:
    """A field of RunConfig; ``extra`` holds type, choices, metavar, pose (changes the pose), group, flag."""
    return field(default=default, metadata={"help": text, **extra})


def _length(text: str) -> int | str:
    return text if text in ("from-file", "estimate") else int(text)


def _batch(text: str) -> int | str:
    return text if text == "auto" else int(text)


@dataclass(frozen=True)
class RunConfig:
    """All options of a run. ``None`` for an option that a preset or the model decides.

    Raises
    ------
    ConfigError
        Where a value cannot be used; names the option, the value and what is allowed.
    """

    text_path: str = _option("", "captions: .txt .md .csv .tsv .jsonl .parquet, also .gz; - is standard input")
    final_dir: str = _option("SinglePose", "where the poses go; also s3://bucket/prefix", group="where", metavar="DIR")
    temp_dir: str = _option(
        "",
        "where files are written before they are moved in place; on the same file system (<final-dir>_temp)",
        group="where",
        metavar="DIR",
    )
    manifest: str = _option(
        "",
        "folder of the Parquet manifest, also s3://... (manifests/<name of the final dir>)",
        group="where",
        metavar="DIR",
    )
    log_dir: str = _option("logs", "one log per worker, and run.log", group="where", metavar="DIR")

    start: int = _option(0, "first caption, counted from 0", group="what", type=int, metavar="N")
    limit: int | None = _option(None, "how many captions from there (all)", group="what", type=int, metavar="N")
    only: str | None = _option(None, "make just the captions in FILE anew", group="what", metavar="FILE")
    formats: str = _option("npy,json,png", "what to write, comma-separated", group="what", metavar="LIST")
    layout: str = _option(
        "files",
        "how they lie: each a file, the same in 256 folders, or in tar shards as of WebDataset",
        group="what",
        choices=("files", "folders", "shards"),
    )
    variants: int = _option(1, "poses per caption, each with a seed of its own", group="what", type=int, metavar="N")

    model: str = _option(
        "small",
        "small (bundled), mardm-sit-xl, mardm-ddpm-xl, or package.module:factory",
        group="how",
        pose=True,
    )
    checkpoints: str = _option(
        "checkpoints",
        "folder of official weights: the one that holds t2m/, or its parent",
        group="how",
        metavar="DIR",
    )
    preset: str = _option(
        "default",
        "fast: 10 steps, cfg 3.0, 8 frames; high: 50 steps, cfg 5.0, 32 frames (cfg for mardm-* only)",
        group="how",
        choices=tuple(PRESETS),
    )
    sequence_length: int | str | None = _option(
        None,
        "frames of the motion behind the pose, a multiple of 4 from 4 to 196; or from-file, or estimate (16)",
        group="how",
        type=_length,
        pose=True,
        metavar="N",
    )
    frame_index: int = _option(
        -1,
        "the frame that becomes the pose; -1 is the middle one",
        group="how",
        type=int,
        pose=True,
        metavar="N",
    )
    time_steps: int | None = _option(
        None, "steps of masked decoding (18)", group="how", type=int, pose=True, metavar="N"
    )
    cfg: float | None = _option(
        None,
        "guidance scale (the model's own; 4.5 for mardm-*)",
        group="how",
        type=float,
        pose=True,
        metavar="X",
    )
    solver: str = _option(
        "rk4",
        "ODE solver; dopri5 is the reference's adaptive one, for comparison",
        group="how",
        choices=("euler", "midpoint", "rk4", "dopri5"),
        pose=True,
    )
    solver_steps: int = _option(10, "steps of the solver", group="how", type=int, pose=True, metavar="N")
    seed: int = _option(3407, "seed of the run", group="how", type=int, pose=True, metavar="N")
    precision: str = _option(
        "float32", "arithmetic of the networks", group="how", choices=("float32", "tf32", "bf16"), pose=True
    )
    batch_size: int | str = _option(
        "auto",
        "captions per batch; auto goes by model, device and length",
        group="how",
        type=_batch,
        metavar="N",
    )

    gpus: str = _option(
        "all",
        "all, none, or numbers as in nvidia-smi, like 1,2,3 (within CUDA_VISIBLE_DEVICES where set)",
        group="on what",
        metavar="LIST",
        aliases=("--gpu-id",),
    )
    workers: int | None = _option(
        None, "infer workers where there is no GPU (one per core)", group="on what", type=int, metavar="N"
    )
    scheduler: str | None = _option(None, "address of a running Dask scheduler", group="on what", metavar="ADDRESS")
    scheduler_file: str | None = _option(
        None, "scheduler file of a running Dask scheduler", group="on what", metavar="FILE"
    )
    dashboard_address: str = _option(
        "127.0.0.1:8787",
        "where Dask's dashboard listens; the next free port if taken",
        group="on what",
        metavar="A",
    )

    on_collision: str = _option(
        "suffix", "two captions with one file name", group="when things are odd", choices=("suffix", "error")
    )
    on_mismatch: str = _option(
        "error",
        "outputs exist that were made with other settings",
        group="when things are odd",
        choices=("error", "keep", "regenerate"),
    )
    retry_failed: str | None = _option(
        None,
        "take up failed captions again, or those of one error class",
        group="when things are odd",
        metavar="CLASS",
        nargs="?",
        const="all",
    )
    adopt: bool = _option(
        False, "write rows for sound artifacts that have none", group="when things are odd", flag=True
    )
    strict: bool = _option(False, "an unusable line is an error", group="when things are odd", flag=True)
    batch_timeout: float = _option(
        600.0,
        "seconds of a worker's own time on one batch",
        group="when things are odd",
        type=float,
        metavar="SECONDS",
    )
    fsync: bool = _option(
        True,
        "do not force files to disk before their row is written",
        group="when things are odd",
        flag=False,
    )
    dry_run: bool = _option(False, "print the plan, write nothing", group="when things are odd", flag=True)
    report: str | None = _option(
        None, "write Dask's performance report there (HTML)", group="when things are odd", metavar="FILE"
    )

    def __post_init__(self) -> None:
        if self.preset not in PRESETS:
            raise ConfigError(f"--preset {self.preset!r}: choose from {', '.join(PRESETS)}")
        for name, value in PRESETS[self.preset].items():
            if getattr(self, name) is None and (name != "cfg" or self.model.startswith("mardm-")):
                object.__setattr__(self, name, value)
        name = locations.name_of(self.final_dir)
        if not self.temp_dir:
            object.__setattr__(self, "temp_dir", str(Path(self.control_dir).with_name(f"{name}_temp")))
        if not self.manifest:
            object.__setattr__(self, "manifest", str(Path("manifests") / name))
        _check(self)

    @property
    def control_dir(self) -> str:
        """Where lock and state are, which is OUT for the other commands: the final dir, or a folder of its name."""
        return locations.control_folder(self.final_dir)

    def folders(self) -> RunFolders:
        """The folders of a run with these options.

        Raises
        ------
        ConfigError
            An address cannot be opened.
        """
        return RunFolders(
            locations.open_folder(self.final_dir),
            locations.open_folder(self.manifest),
            Path(self.temp_dir),
            Path(self.log_dir),
        )

    @property
    def format_list(self) -> tuple[str, ...]:
        """The formats asked for, in the order of :data:`FORMATS`."""
        asked = {part.strip() for part in self.formats.split(",")}
        return tuple(name for name in FORMATS if name in asked)

    def resolved_frame(self, length: int) -> int:
        """The frame that becomes the pose, within a motion of ``length`` frames."""
        return length // 2 if self.frame_index < 0 else min(self.frame_index, length - 1)

    def pose_settings(self, length: int | None = None) -> dict[str, Any]:
        """What changes the pose, by name. ``cfg`` must be known by now (see :func:`dataclasses.replace`).

        A model of the user's own is not told of solver and precision, DDPM and dopri5 know no solver steps:
        what has no effect is left out. With ``length``, the frames of one caption, sequence length and frame
        index are those that were used, however they were asked for.
        """
        settings = {f.name: getattr(self, f.name) for f in fields(self) if f.metadata.get("pose")}
        if self.cfg is not None:
            settings["cfg"] = float(self.cfg)
        if length is not None:
            settings["sequence_length"] = length
            settings["frame_index"] = self.resolved_frame(length)
        if ":" in self.model:
            for name in ("solver", "solver_steps", "precision"):
                del settings[name]
        elif self.model.startswith("mardm-ddpm"):
            del settings["solver"], settings["solver_steps"]
        elif self.solver == "dopri5":
            del settings["solver_steps"]
        return settings

    def settings_id(self, model_fingerprint: str, length: int | None = None) -> str:
        """First 16 hex digits of a hash of all that changes the pose, and of nothing else.

        ``length`` is the caption's frames; None where only the model can tell (``estimate``).
        """
        return hash_settings({**self.pose_settings(length), "model_fingerprint": model_fingerprint})


def hash_settings(settings: Mapping[str, Any]) -> str:
    """``settings_id`` of settings by name, the model's fingerprint among them."""
    return hashlib.sha256(json.dumps(dict(settings), sort_keys=True).encode()).hexdigest()[:16]


def _check(config: RunConfig) -> None:
    """Raise ConfigError at the first option that cannot be used."""
    c = config

    def need(holds: bool, option: str, value: object, allowed: str) -> None:
        if not holds:
            raise ConfigError(f"--{option.replace('_', '-')} {value}: must be {allowed}")

    for f in fields(c):
        choices = f.metadata.get("choices")
        if choices:
            need(getattr(c, f.name) in choices, f.name, getattr(c, f.name), "one of " + ", ".join(choices))
    need(c.start >= 0, "start", c.start, "0 or more")
    need(c.limit is None or c.limit >= 0, "limit", c.limit, "0 or more")
    asked = [part.strip() for part in c.formats.split(",")]
    need(
        bool(asked) and all(p in FORMATS for p in asked),
        "formats",
        c.formats,
        "a list of " + ", ".join(FORMATS),
    )
    need(1 <= c.variants <= 10_000, "variants", c.variants, "from 1 to 10000")
    length = c.sequence_length
    if isinstance(length, int):
        fits = MIN_FRAMES <= length <= MAX_FRAMES and length % 4 == 0
        need(fits, "sequence_length", length, f"a multiple of 4 from {MIN_FRAMES} to {MAX_FRAMES}")
        need(-1 <= c.frame_index < length, "frame_index", c.frame_index, f"-1, or from 0 to {length - 1}")
    else:
        need(length in ("from-file", "estimate"), "sequence_length", length, "frames, from-file or estimate")
        need(
            -1 <= c.frame_index < MAX_FRAMES,
            "frame_index",
            c.frame_index,
            f"-1, or from 0 to {MAX_FRAMES - 1}",
        )
    need(c.time_steps is not None and 1 <= c.time_steps <= 1000, "time_steps", c.time_steps, "from 1 to 1000")
    need(c.cfg is None or (math.isfinite(c.cfg) and 0 <= c.cfg <= 100), "cfg", c.cfg, "a number from 0 to 100")
    need(1 <= c.solver_steps <= 1000, "solver_steps", c.solver_steps, "from 1 to 1000")
    need(0 <= c.seed < 2**63, "seed", c.seed, "from 0 to 2**63 - 1")
    batch = c.batch_size
    need(
        batch == "auto" or (isinstance(batch, int) and 1 <= batch <= 65536),
        "batch_size",
        batch,
        "auto, or 1 to 65536",
    )
    need(c.workers is None or 1 <= c.workers <= 1024, "workers", c.workers, "from 1 to 1024")
    positive = math.isfinite(c.batch_timeout) and c.batch_timeout > 0
    need(positive, "batch_timeout", c.batch_timeout, "seconds, more than 0")
    number_list = all(part.strip().isdigit() for part in c.gpus.split(","))
    need(c.gpus in ("all", "none") or number_list, "gpus", c.gpus, "all, none, or numbers like 0,1")
    need(not (c.scheduler and c.scheduler_file), "scheduler", c.scheduler, "given without --scheduler-file")
    builtin = c.model in ("small", "mardm-sit-xl", "mardm-ddpm-xl")
    module, _, factory = c.model.partition(":")
    own = factory.isidentifier() and all(part.isidentifier() for part in module.split("."))
    need(builtin or own, "model", c.model, "small, mardm-sit-xl, mardm-ddpm-xl or package.module:factory")
