"""The options of a run, each declared once: default, help, allowed values, and whether it changes the pose.

The command line, its help, ``docs/options.md``, the checks and ``settings_id`` are derived from :class:`RunConfig`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import partial
from pathlib import Path
from typing import Any, Final

from posepipe.commandline import (
    ADDRESS,
    EXPRESSION,
    FILE,
    FLAG,
    FOLDER,
    HOST_AND_PORT,
    NAME,
    PATHS,
    TEXT,
    Kind,
    choice,
    flag_of,
    list_of,
    number,
    or_word,
    several,
    whole,
)
from posepipe.commandline.values import (
    ERROR_CLASS,
    GPUS,
    MAX_FRAMES,
    MODEL,
    PICTURES,
    SEQUENCE_LENGTH,
    SOLVERS,
)
from posepipe.errors import ConfigError
from posepipe.storage import locations
from posepipe.storage.artifact_formats import DEFAULT, FORMATS
from posepipe.storage.locations import RunFolders

PRESETS: Final[dict[str, dict[str, Any]]] = {
    "fast": {"time_steps": 10, "cfg": 3.0, "sequence_length": 8},
    "default": {"time_steps": 18, "cfg": None, "sequence_length": 16},
    "high": {"time_steps": 50, "cfg": 5.0, "sequence_length": 32},
}
MIDDLE_FRAME: Final = -1
LAST_FRAME: Final = -2
STILL: Final = "still"
NO_DASHBOARD: Final = "none"

GROUPS: Final = {
    "input": "which captions",
    "output": "where the poses go, and as what",
    "model": "the model, and how it makes a pose",
    "speed and machine": "these options do not change the pose",
    "conflicts": "what to do about existing files, other settings and failures",
}
"""Groups of options in the help and in ``docs/options.md``, each with a description."""


def _option(default: Any, text: str, kind: Kind = TEXT, *, group: str, **extra: Any) -> Any:
    """A field of RunConfig.

    Parameters
    ----------
    default : object
        None for an option that a preset, the model or another option decides.
    text : str
        Help, in sentences.
    kind : Kind
        The values allowed besides the default.
    group : str
        A key of :data:`GROUPS`.
    **extra
        ``shown``: the default as the help shows it, if not ``default``; ``pose``: whether the option changes the pose;
        ``flag``: the value that the bare option gives; ``aliases``: other names; ``action``, ``nargs``, ``const``: for
        argparse.
    """
    return field(default=default, metadata={"help": text, "kind": kind, "group": group, **extra})


_input = partial(_option, group="input")
_output = partial(_option, group="output")
_model = partial(_option, group="model")
_machine = partial(_option, group="speed and machine")
_conflict = partial(_option, group="conflicts")


@dataclass(frozen=True)
class RunConfig:
    """All options of a run. ``None`` for an option that a preset, the model or another option decides.

    Values may be given as on the command line (strings) or as Python objects; where the command line takes commas a
    list is accepted too (``formats=["npy"]``, ``gpus=[0]``). ``~`` is expanded in paths.

    Raises
    ------
    ConfigError
        If a value cannot be used; the message names the option, the value and what is allowed.
    """

    text_path: str | tuple[str, ...] = _input(
        "",
        "Read the captions from these files, folders or patterns: .txt, .md, .csv, .tsv, .jsonl, .json or .parquet, "
        "also .gz; - is standard input.",
        PATHS,
        action="append",
    )
    text_prompt: tuple[str, ...] = _input(
        (), 'Make this caption: "A person ..."; may be given several times.', several(TEXT), shown="", action="append"
    )
    column: str | None = _input(
        None,
        "Take the captions from this column of a table, or this key of JSON.",
        NAME,
        shown="caption, text, prompt or description",
    )
    encoding: str | None = _input(None, "Decode the input from this encoding.", NAME, shown="utf-8")
    match: str | None = _input(
        None,
        "Use only the captions that contain this regular expression, in upper or lower case.",
        EXPRESSION,
    )
    start: int = _input(0, "Skip this many captions at the beginning.", whole(0))
    limit: int | None = _input(None, "Use at most this many captions.", whole(0), shown="all")
    only: str | None = _input(None, "Make the captions in this file again, and no others.", FILE)
    strict: bool = _input(False, "Stop if a line of the input is unusable, instead of skipping it.", FLAG, flag=True)
    dry_run: bool = _input(False, "Print what would be made, and write nothing.", FLAG, flag=True)

    final_dir: str = _output("SinglePose", "Write the poses into this folder, or to s3://bucket/prefix.", FOLDER)
    temp_dir: str = _output(
        "",
        "Write files here before they are moved into place; it must be on the same file system as the final dir.",
        FOLDER,
        shown="<final-dir>_temp",
    )
    manifest: str = _output(
        "",
        "Keep the Parquet manifest in this folder, or under s3://bucket/prefix.",
        FOLDER,
        shown="the one that the final dir has, or manifests/<name of the final dir>",
    )
    log_dir: str = _output("logs", "Write run.log and one log per worker into this folder.", FOLDER)
    formats: str = _output(
        ",".join(DEFAULT),
        f"Write these formats, separated by commas: {', '.join(FORMATS)}.",
        list_of("format", FORMATS),
    )
    picture: str | None = _output(
        None,
        "Draw the pictures (png) in this style: mannequin is a body, diagram are sticks in a fixed scale, skeleton is "
        "limbs in OpenPose's colours on black.",
        choice(*PICTURES),
        shown=PICTURES[0],
    )
    transparent: bool = _output(False, "Draw the pictures (png) without a background.", FLAG, flag=True)
    layout: str = _output(
        "files",
        "Store artifacts as files in one folder, as files in 256 subfolders, or in WebDataset tar shards.",
        choice("files", "folders", "shards"),
    )
    variants: int = _output(
        1,
        "Make this many poses per caption, each with its own seed; with small, those after the first are also turned "
        "and mirrored where the caption leaves it open.",
        whole(1, 10_000),
        aliases=("--repeat-times",),
    )

    model: str = _model(
        "small",
        "Use this model: small (bundled), mardm-sit-xl or mardm-ddpm-xl (official weights), or package.module:factory.",
        MODEL,
        pose=True,
    )
    checkpoints: str = _model(
        "checkpoints",
        "Look for official weights in this folder: the one that holds t2m/, or its parent.",
        FOLDER,
        aliases=("--checkpoints-dir",),
    )
    preset: str = _model(
        "default",
        "Choose several options at once. fast: 10 steps, cfg 3.0, 8 frames; high: 50 steps, cfg 5.0, 32 frames "
        "(cfg only for mardm-* models).",
        choice(*PRESETS),
    )
    sequence_length: int | str | None = _model(
        None,
        "Generate a motion of this many frames, a multiple of 4 from 4 to 196; from-file takes the number from the "
        "input, estimate from the length estimator.",
        SEQUENCE_LENGTH,
        shown="16",
        pose=True,
    )
    frame_index: int | str = _model(
        MIDDLE_FRAME,
        "Take this frame of the motion as the pose, counted from 0; -1 is the middle frame, -2 the last one, and "
        "other negative numbers count from the end; still is the frame in which the joints move least.",
        Kind(
            "the number of a frame, or still",
            or_word(whole(-MAX_FRAMES, MAX_FRAMES - 1), STILL),
            "N",
        ),
        pose=True,
    )
    time_steps: int | None = _model(
        None, "Decode the masked tokens in this many steps.", whole(1, 1000), shown="18", pose=True
    )
    cfg: float | None = _model(
        None,
        "Use this scale of classifier-free guidance.",
        number(0, 100, allowed="a number from 0 to 100"),
        shown="the model's own; 4.5 for mardm-*",
        pose=True,
    )
    temperature: float | None = _model(
        None,
        "Scale the noise of the model by this number; less than 1 keeps closer to the likeliest pose.",
        number(0, 10, allowed="a number from 0 to 10"),
        shown="the model's own; 1 for mardm-*",
        pose=True,
    )
    solver: str | None = _model(
        None,
        "Solve the flow's ODE with this method. ab2 makes one call a step; student begins with the guess of a network "
        "(small only, at its own --cfg); dopri5 is the adaptive method of the reference, for comparison.",
        choice(*SOLVERS),
        shown="ab2 for small, rk4 for mardm-*",
        pose=True,
    )
    solver_steps: int | None = _model(
        None, "Let the solver take this many steps.", whole(1, 1000), shown="10; 12 with ab2", pose=True
    )
    seed: int = _model(
        3407,
        "Use this seed; the noise of a pose depends on the seed, the caption and the variant.",
        whole(0, 2**63 - 1, allowed="a whole number from 0 to 2**63 - 1"),
        pose=True,
    )
    precision: str = _model(
        "float32", "Compute the networks with this precision.", choice("float32", "tf32", "bf16"), pose=True
    )

    batch_size: int | str = _machine(
        "auto",
        "Infer this many captions at once; auto chooses by model, device and length.",
        Kind("a number, or auto (numbers from 1 to 65536)", or_word(whole(1, 65536), "auto"), "N"),
    )
    gpus: str = _machine(
        "all",
        "Use all GPUs, none, or these numbers of nvidia-smi, such as 1,2,3 (within CUDA_VISIBLE_DEVICES if it is set).",
        GPUS,
        aliases=("--gpu-id",),
    )
    workers: int | None = _machine(
        None,
        "Start this many inference workers on a machine without a GPU.",
        whole(1, 1024),
        shown="one per core",
    )
    scheduler: str | None = _machine(
        None,
        "Use the Dask cluster of the scheduler at this address.",
        ADDRESS,
    )
    scheduler_file: str | None = _machine(None, "Use the Dask cluster of the scheduler that wrote this file.", FILE)
    dashboard_address: str = _machine(
        "127.0.0.1:8787",
        "Serve Dask's dashboard at this address, or at the next free port; none serves no dashboard. Every user of the "
        "machine can see a dashboard.",
        Kind(f"{HOST_AND_PORT.allowed}, or none", or_word(HOST_AND_PORT, NO_DASHBOARD), HOST_AND_PORT.metavar),
    )
    batch_timeout: float = _machine(
        600.0,
        "Fail a batch after this many seconds of work in its worker.",
        number(1e-9, allowed="a number of seconds greater than 0", metavar="SECONDS"),
    )
    fsync: bool = _machine(
        True,
        "Do not force files to disk before their manifest row is written; faster, but a power failure may lose files.",
        FLAG,
        flag=False,
    )
    report: str | None = _machine(None, "Write Dask's performance report (HTML) to this file.", FILE)

    on_collision: str = _conflict(
        "suffix",
        "If two captions have the same file name, append part of their id to one of them, or stop.",
        choice("suffix", "error"),
    )
    on_mismatch: str = _conflict(
        "error",
        "If poses exist that were made with other settings, or pictures of another style, stop, keep them, or make "
        "them again.",
        choice("error", "keep", "regenerate"),
    )
    retry_failed: str | None = _conflict(
        None,
        "Try failed captions again: all of them, or those of one error class.",
        ERROR_CLASS,
        nargs="?",
        const="all",
    )
    adopt: bool = _conflict(False, "Add manifest rows for sound artifacts that have none.", FLAG, flag=True)

    def __post_init__(self) -> None:
        for option in fields(self):
            value = getattr(self, option.name)
            if type(value) is not type(option.default) or value != option.default:
                object.__setattr__(self, option.name, option.metadata["kind"].read(flag_of(option), value))
        for name, value in PRESETS[self.preset].items():
            if getattr(self, name) is None and (name != "cfg" or self.model.startswith("mardm-")):
                object.__setattr__(self, name, value)
        if not self.temp_dir:
            object.__setattr__(self, "temp_dir", locations.default_temp_dir(self.final_dir))
        if not self.manifest:
            object.__setattr__(self, "manifest", locations.default_manifest(self.final_dir))
        self._check_together()

    def _check_together(self) -> None:
        """Check options that depend on each other."""
        frames = self.sequence_length
        if isinstance(frames, int) and isinstance(self.frame_index, int) and not -frames <= self.frame_index < frames:
            raise ConfigError(
                f"--frame-index {self.frame_index}: give a number from {-frames} to {frames - 1}, for a motion of "
                f"{frames} frames; -1 is the middle frame, -2 the last"
            )
        if "png" not in self.format_list:
            for flag, asked in (("--picture", self.picture), ("--transparent", self.transparent)):
                if asked:
                    raise ConfigError(f"{flag}: has no effect without png in --formats")
        if self.transparent and self.picture == "diagram":
            raise ConfigError(
                "--transparent: has no effect on --picture diagram, which has floor and walls; leave it out"
            )
        if self.temperature is not None and ":" in self.model:
            raise ConfigError(f"--temperature {self.temperature:g}: has no effect on {self.model}; leave it out")
        if self.scheduler and self.scheduler_file:
            raise ConfigError(f"--scheduler {self.scheduler}: give it or --scheduler-file, not both")

    @property
    def inputs(self) -> tuple[str, ...]:
        """The paths of the captions."""
        return (self.text_path,) if isinstance(self.text_path, str) and self.text_path else tuple(self.text_path)

    @property
    def control_dir(self) -> str:
        """The local folder of lock and state, OUT for the other commands: the final dir, or a folder with its name."""
        return locations.control_folder(self.final_dir)

    def folders(self) -> RunFolders:
        """The folders of a run with these options.

        Raises
        ------
        ConfigError
            If an address cannot be opened.
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
        asked = self.formats.split(",")
        return tuple(name for name in FORMATS if name in asked)

    @property
    def look(self) -> str:
        """How pictures are drawn, as in the manifest's column ``picture``, such as ``mannequin transparent``."""
        return (self.picture or PICTURES[0]) + (" transparent" if self.transparent else "")

    def resolved_frame(self, length: int) -> int | None:
        """Index of the frame that becomes the pose, from 0, in a motion of ``length`` frames.

        ``frame_index`` -1 is the middle frame (``length // 2``), as in MARDM's scripts, and -2 the last. Other negative
        numbers count from the end: -3 is ``length - 3``. What is beyond either end of a short motion is the frame at
        that end. None for ``still``, which depends on the motion.
        """
        if isinstance(self.frame_index, str):
            return None
        if self.frame_index == MIDDLE_FRAME:
            return length // 2
        if self.frame_index == LAST_FRAME:
            return length - 1
        frame = self.frame_index if self.frame_index >= 0 else length + self.frame_index
        return min(max(frame, 0), length - 1)

    def pose_settings(self, length: int | None = None) -> dict[str, Any]:
        """The options that change the pose, by name. ``cfg`` must be set (see :func:`dataclasses.replace`).

        Options without effect are left out: solver and precision for a model of the user's own, the solver's steps
        for DDPM, dopri5 and a student. So is the temperature where it is the model's own.

        Parameters
        ----------
        length : int, optional
            Frames of one caption's motion. Sequence length and frame index are then those used for this caption,
            however they were asked for.
        """
        settings = {f.name: getattr(self, f.name) for f in fields(self) if f.metadata.get("pose")}
        if self.cfg is not None:
            settings["cfg"] = float(self.cfg)
        if length is not None:
            settings["sequence_length"] = length
            settings["frame_index"] = self.frame_index if self.frame_index == STILL else self.resolved_frame(length)
        if self.temperature is None:
            del settings["temperature"]
        if ":" in self.model:
            for name in ("solver", "solver_steps", "precision"):
                del settings[name]
        elif self.model.startswith("mardm-ddpm"):
            del settings["solver"], settings["solver_steps"]
        elif self.solver is not None and SOLVERS[self.solver] is None:
            del settings["solver_steps"]
        return settings

    def settings_id(self, model_fingerprint: str, length: int | None = None) -> str:
        """First 16 hex digits of a hash of all that changes the pose, and of nothing else.

        Parameters
        ----------
        model_fingerprint : str
        length : int, optional
            Frames of the caption's motion; None if only the model knows them (``estimate``).
        """
        return hash_settings({**self.pose_settings(length), "model_fingerprint": model_fingerprint})


def hash_settings(settings: Mapping[str, Any]) -> str:
    """``settings_id`` of settings by name, which include the model's fingerprint."""
    return hashlib.sha256(json.dumps(dict(settings), sort_keys=True).encode()).hexdigest()[:16]
