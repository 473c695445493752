"""Options: defaults, presets, limits, and what settings_id is made of."""

from __future__ import annotations

from dataclasses import Field, fields, replace
from pathlib import Path

import numpy as np
import pytest

from posepipe import commandline
from posepipe.commandline import FILE, FOLDER
from posepipe.commandline import PATHS as SEVERAL
from posepipe.config import GROUPS, RunConfig
from posepipe.errors import ConfigError
from posepipe.run.__main__ import main, run_parser


def parse(*arguments: str) -> RunConfig:
    options = vars(run_parser().parse_args(commandline.hyphens(arguments)))
    options.pop("captions")
    return RunConfig(**options)


def test_defaults() -> None:
    config = parse()
    assert (config.sequence_length, config.time_steps, config.cfg, config.frame_index) == (16, 18, None, -1)
    assert (config.solver, config.solver_steps, config.seed, config.precision) == (None, None, 3407, "float32")
    assert (config.final_dir, config.temp_dir, config.manifest) == (
        "SinglePose",
        "SinglePose_temp",
        "manifests/SinglePose",
    )
    assert config.format_list == ("npy", "json", "png")
    assert config.resolved_frame(16) == 8
    assert config.fsync
    assert not config.dry_run


def test_other_final_dir_names_its_own_folders() -> None:
    config = parse("--final-dir", "out/poses/")
    assert (config.temp_dir, config.manifest) == ("out/poses_temp", "manifests/poses")


GOOD: dict[str, tuple[list[str], object]] = {
    "text_path": (["--text-path", "c.txt"], "c.txt"),
    "text_prompt": (["--text-prompt", "A person bows", "--text-prompt", "B"], ("A person bows", "B")),
    "column": (["--column", "pose"], "pose"),
    "encoding": (["--encoding", "gbk"], "gbk"),
    "match": (["--match", "stand|sit"], "stand|sit"),
    "start": (["--start", "3"], 3),
    "limit": (["--limit", "0"], 0),
    "only": (["--only", "again.txt"], "again.txt"),
    "strict": (["--strict"], True),
    "dry_run": (["--dry-run"], True),
    "final_dir": (["--final-dir", "Poses"], "Poses"),
    "temp_dir": (["--temp-dir", "T"], "T"),
    "manifest": (["--manifest", "M"], "M"),
    "log_dir": (["--log-dir", "L"], "L"),
    "formats": (["--formats", "PNG, npy"], "png,npy"),
    "layout": (["--layout", "Shards"], "shards"),
    "picture": (["--picture", "Diagram"], "diagram"),
    "transparent": (["--transparent"], True),
    "variants": (["--repeat-times", "3"], 3),
    "model": (["--model", "MARDM-DDPM-XL"], "mardm-ddpm-xl"),
    "checkpoints": (["--checkpoints-dir", "W"], "W"),
    "preset": (["--preset", "FAST"], "fast"),
    "sequence_length": (["--sequence-length", "estimate"], "estimate"),
    "frame_index": (["--frame-index", "-2"], -2),
    "time_steps": (["--time-steps", "7"], 7),
    "temperature": (["--temperature", "0.8"], 0.8),
    "cfg": (["--cfg", "0"], 0.0),
    "solver": (["--solver", "dopri5"], "dopri5"),
    "solver_steps": (["--solver-steps", "5"], 5),
    "seed": (["--seed", str(2**63 - 1)], 2**63 - 1),
    "precision": (["--precision", "bf16"], "bf16"),
    "batch_size": (["--batch-size", "65536"], 65536),
    "gpus": (["--gpus", "1, 2"], "1,2"),
    "workers": (["--workers", "2"], 2),
    "scheduler": (["--scheduler", "tcp://127.0.0.1:8786"], "tcp://127.0.0.1:8786"),
    "scheduler_file": (["--scheduler-file", "s.json"], "s.json"),
    "dashboard_address": (["--dashboard-address", ":0"], ":0"),
    "batch_timeout": (["--batch-timeout", "2"], 2.0),
    "fsync": (["--no-fsync"], False),
    "report": (["--report", "r.html"], "r.html"),
    "on_collision": (["--on-collision", "error"], "error"),
    "on_mismatch": (["--on-mismatch", "regenerate"], "regenerate"),
    "retry_failed": (["--retry-failed"], "all"),
    "adopt": (["--adopt"], True),
}


@pytest.mark.parametrize("option", fields(RunConfig), ids=lambda option: option.name)
def test_every_option_takes_a_value_on_the_command_line_and_from_python(option: Field[object]) -> None:
    arguments, expected = GOOD[option.name]
    config = parse(*arguments)
    found = getattr(config, option.name)
    assert (found, type(found)) == (expected, type(expected))
    assert RunConfig(**{option.name: expected}) == config
    others = {name for name in GOOD if getattr(config, name) != getattr(RunConfig(), name)}
    derived = {"final_dir": {"temp_dir", "manifest"}, "preset": {"sequence_length", "time_steps"}}
    derived["model"] = {"cfg"} if config.cfg is not None else set()
    assert others == {option.name} | derived.get(option.name, set())


@pytest.mark.parametrize("asked", [{"picture": "mannequin"}, {"transparent": True}])
def test_how_pictures_are_drawn_has_no_effect_without_pictures(asked: dict[str, object]) -> None:
    with pytest.raises(ConfigError, match=f"--{next(iter(asked))}: has no effect without png in --formats"):
        RunConfig(formats="npy,openpose-png", **asked)  # type: ignore[arg-type]


def test_the_style_of_pictures_does_not_change_the_pose() -> None:
    assert RunConfig().look == "mannequin"
    other = RunConfig(picture="skeleton", transparent=True, cfg=2.0)
    assert other.look == "skeleton transparent"
    assert other.settings_id("f") == RunConfig(cfg=2.0).settings_id("f")


def test_every_option_has_a_help_in_sentences() -> None:
    for option in fields(RunConfig):
        text = option.metadata["help"]
        assert text[0].isupper(), option.name
        assert text.endswith((".", ").")), option.name
        assert option.metadata["group"] in GROUPS


PATHS = ["text_path", "only", "final_dir", "temp_dir", "manifest", "log_dir", "checkpoints", "scheduler_file", "report"]


@pytest.mark.parametrize("name", PATHS)
def test_the_home_directory_is_expanded(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ann")
    flag = "--" + name.replace("_", "-")
    assert getattr(parse(f"{flag}=~/x"), name) == "/home/ann/x"
    assert getattr(RunConfig(**{name: "~/x"}), name) == "/home/ann/x"
    assert getattr(RunConfig(**{name: Path("~/x")}), name) == "/home/ann/x"
    assert getattr(RunConfig(**{name: "x/~"}), name) == "x/~"


def test_paths_are_the_options_that_take_paths() -> None:
    assert [f.name for f in fields(RunConfig) if f.metadata["kind"] in (FILE, FOLDER, SEVERAL)] == PATHS


def test_addresses_and_standard_input_are_left_as_they_are() -> None:
    assert RunConfig("-", final_dir="s3://bucket/~/poses/").final_dir == "s3://bucket/~/poses/"
    assert RunConfig("-").text_path == "-"


def test_several_inputs(capsys: pytest.CaptureFixture[str]) -> None:
    config = RunConfig(["a.txt", Path("~/b.md")])
    assert config.text_path == ("a.txt", str(Path("~/b.md").expanduser()))
    assert config.inputs == config.text_path
    assert hash(config) == hash(replace(config))
    assert parse("--text-path", "a.txt", "--text-path", "b.md").inputs == ("a.txt", "b.md")
    assert RunConfig("a.txt").inputs == ("a.txt",)
    assert RunConfig(["a.txt"]) == RunConfig("a.txt")
    assert RunConfig().inputs == ()
    assert RunConfig(text_prompt=["A", "B"]).text_prompt == RunConfig(text_prompt=("A", "B")).text_prompt == ("A", "B")
    mixed = run_parser().parse_intermixed_args(["a.txt", "--seed", "3", "b.md", "--dry-run", "c.csv"])
    assert mixed.captions == ["a.txt", "b.md", "c.csv"]
    assert main(["a.txt", "--text-path", "b.txt"]) == 2
    assert "captions given twice: a.txt and --text-path b.txt" in capsys.readouterr().err


def test_lists_from_python() -> None:
    assert RunConfig(formats=["npy", "PNG"]) == RunConfig(formats="npy,png")
    assert RunConfig(formats=("json",)).format_list == ("json",)
    assert RunConfig(gpus=[0, 2]) == RunConfig(gpus="0,2")
    assert RunConfig(gpus=0) == RunConfig(gpus="0")
    assert RunConfig(gpus=-1).gpus == RunConfig(gpus="-1").gpus == "none"


def test_numbers_of_numpy() -> None:
    config = RunConfig(seed=np.int64(5), cfg=np.float32(2.5), limit=np.uint8(3))
    assert config == RunConfig(seed=5, cfg=2.5, limit=3)
    assert [type(value) for value in (config.seed, config.cfg, config.limit)] == [int, float, int]
    assert config.settings_id("f", 16) == RunConfig(seed=5, cfg=2.5).settings_id("f", 16)


@pytest.mark.parametrize(
    ("frame_index", "length", "expected"),
    [
        (-1, 16, 8),
        (-1, 5, 2),
        (-1, 1, 0),
        (-2, 16, 15),
        (-2, 1, 0),
        (-3, 16, 13),
        (-16, 16, 0),
        (-16, 8, 0),
        (0, 16, 0),
        (15, 16, 15),
        (15, 8, 7),
    ],
)
def test_resolved_frame(frame_index: int, length: int, expected: int) -> None:
    assert RunConfig(frame_index=frame_index).resolved_frame(length) == expected


def test_the_last_frame_is_one_pose_however_it_is_asked_for() -> None:
    last = RunConfig(cfg=2.0, frame_index=-2)
    assert last.settings_id("f", 16) == RunConfig(cfg=2.0, frame_index=15).settings_id("f", 16)
    assert last.settings_id("f", 16) != RunConfig(cfg=2.0).settings_id("f", 16)
    lengths = RunConfig(cfg=2.0, frame_index=-196, sequence_length="from-file")
    assert lengths.resolved_frame(16) == 0


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--preset", "fast"], (10, None, 8)),
        (["--preset", "fast", "--model", "mardm-sit-xl"], (10, 3.0, 8)),
        (["--preset", "high", "--model", "mardm-ddpm-xl"], (50, 5.0, 32)),
        (["--preset", "high", "--model", "mardm-sit-xl", "--cfg", "2", "--time-steps", "7"], (7, 2.0, 32)),
    ],
)
def test_presets(arguments: list[str], expected: tuple[int, float | None, int]) -> None:
    config = parse(*arguments)
    assert (config.time_steps, config.cfg, config.sequence_length) == expected


def test_underscores_and_aliases() -> None:
    config = parse("--batch_size", "7", "--gpu-id", "1,2", "--no_fsync", "--text_path=a_b.txt", "--retry_failed")
    assert (config.batch_size, config.gpus, config.fsync, config.text_path) == (7, "1,2", False, "a_b.txt")
    assert config.retry_failed == "all"
    assert parse("--retry-failed", "WorkerDied").retry_failed == "WorkerDied"


BAD = [
    (["--sequence-length", "18"], "a multiple of 4 from 4 to 196, from-file or estimate"),
    (["--sequence-length", "200"], "a multiple of 4"),
    (["--sequence-length", "0"], "a multiple of 4"),
    (["--sequence-length", "long"], "a multiple of 4"),
    (
        ["--frame-index", "16"],
        "a number from -16 to 15, for a motion of 16 frames; -1 is the middle frame, -2 the last",
    ),
    (["--frame-index", "-17"], "a number from -16 to 15"),
    (["--frame-index", "first"], "the number of a frame, or still"),
    (["--cfg", "nan"], "a number from 0 to 100"),
    (["--cfg", "-1"], "a number from 0 to 100"),
    (["--batch-timeout", "inf"], "a number of seconds greater than 0"),
    (["--batch-timeout", "0"], "a number of seconds greater than 0"),
    (["--batch-size", "0"], "a number, or auto"),
    (["--batch-size", "abc"], "a number, or auto"),
    (["--workers", "0"], "a whole number from 1 to 1024"),
    (["--start", "-1"], "a whole number of at least 0"),
    (["--start", "1.5"], "a whole number of at least 0"),
    (["--limit", "-5"], "a whole number of at least 0"),
    (["--variants", "0"], "a whole number from 1 to 10000"),
    (["--seed", "-1"], "a whole number from 0 to 2**63 - 1"),
    (["--seed", str(2**63)], "a whole number from 0 to 2**63 - 1"),
    (["--formats", ""], "a list of npy, json, png"),
    (["--formats", "npy,,png"], "a list of npy, json, png"),
    (["--gpus", "one"], "all, none, or numbers separated by commas such as 0,1"),
    (["--gpus", "0,-1"], "all, none, or numbers"),
    (["--gpus", ""], "all, none, or numbers"),
    (["--model", "large"], "small, mardm-sit-xl, mardm-ddpm-xl or package.module:factory"),
    (["--model", "a.b:"], "small, mardm-sit-xl"),
    (["--model", "a-b:c"], "small, mardm-sit-xl"),
    (["--solver", "heun"], "student, euler, midpoint, rk4, ab2 or dopri5"),
    (["--solver-steps", "0"], "a whole number from 1 to 1000"),
    (["--time-steps", "0"], "a whole number from 1 to 1000"),
    (["--precision", "fp8"], "float32, tf32 or bf16"),
    (["--preset", "best"], "fast, default or high"),
    (["--layout", "zip"], "files, folders or shards"),
    (["--on-collision", "skip"], "suffix or error"),
    (["--on-mismatch", "skip"], "error, keep or regenerate"),
    (["--retry-failed", "captions.txt"], "the name of an error class, such as WorkerDied, or nothing for all"),
    (["--final-dir", ""], "a path"),
    (["--scheduler", ""], "an address such as tcp://host:8786"),
    (["--scheduler", "tcp://a b"], "an address"),
    (["--dashboard-address", "nonsense"], "HOST:PORT, such as 127.0.0.1:8787, or none"),
    (["--dashboard-address", "127.0.0.1:65536"], "HOST:PORT"),
    (["--dashboard-address", "a b:1"], "HOST:PORT"),
]


@pytest.mark.parametrize(
    ("arguments", "allowed"), BAD, ids=lambda part: "=".join(part) if isinstance(part, list) else ""
)
def test_bad_values_are_named(arguments: list[str], allowed: str) -> None:
    option, value = arguments
    with pytest.raises(ConfigError) as error:
        parse(*arguments)
    assert str(error.value).startswith(f"{option} {value or repr(value)}: give {allowed}")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("npy,gif", "--formats npy,gif: no format gif; there are npy, json"),
        ("NPY,jsn", "--formats NPY,jsn: no format jsn; did you mean json?"),
        (["npy", "PING"], "--formats ['npy', 'PING']: no format PING; did you mean png?"),
    ],
    ids=["gif", "jsn", "PING"],
)
def test_an_unknown_format_is_named(value: str | list[str], told: str) -> None:
    with pytest.raises(ConfigError) as error:
        RunConfig(formats=value)  # type: ignore[arg-type]
    assert str(error.value).startswith(told)


@pytest.mark.parametrize(
    "options",
    [
        {"batch_size": None},
        {"batch_size": 2.5},
        {"formats": []},
        {"formats": None},
        {"gpus": []},
        {"gpus": [0.5]},
        {"gpus": None},
        {"model": None},
        {"model": 3},
        {"strict": "yes"},
        {"fsync": 1},
        {"frame_index": None},
        {"seed": 1.0},
        {"seed": True},
        {"final_dir": None},
        {"final_dir": 7},
        {"scheduler": 8786},
        {"sequence_length": 16.0},
        {"retry_failed": ValueError},
    ],
    ids=str,
)
def test_bad_values_from_python(options: dict[str, object]) -> None:
    name, value = next(iter(options.items()))
    with pytest.raises(ConfigError, match=rf"^--(no-)?{name.replace('_', '-')} .*: give "):
        RunConfig(**options)
    assert str(value)


def test_options_that_exclude_each_other() -> None:
    with pytest.raises(ConfigError, match="--scheduler tcp://x:1: give it or --scheduler-file, not both"):
        parse("--scheduler", "tcp://x:1", "--scheduler-file", "y")


def test_exit_codes_of_bad_arguments(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert main(["no_such_file.txt"]) == 2
    assert main(["x.txt", "--cfg", "nan"]) == 2
    assert main(["x.txt", "--no-such-option"]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 4
    assert all(line.startswith("posepipe: ") for line in lines)


def test_settings_id_holds_what_changes_the_pose_and_nothing_else() -> None:
    base = RunConfig(cfg=2.0)
    changed = {
        "model": "mardm-sit-xl",
        "sequence_length": 20,
        "frame_index": 3,
        "time_steps": 5,
        "cfg": 1.0,
        "solver": "euler",
        "solver_steps": 5,
        "seed": 1,
        "precision": "bf16",
        "temperature": 0.8,
    }
    assert set(changed) == {f.name for f in fields(RunConfig) if f.metadata.get("pose")}
    ids = {replace(base, **{name: value}).settings_id("f") for name, value in changed.items()}
    assert len(ids | {base.settings_id("f"), base.settings_id("g")}) == len(changed) + 2
    same = {
        "batch_size": 3,
        "workers": 5,
        "variants": 4,
        "start": 7,
        "final_dir": "x",
        "formats": "npy",
        "gpus": "none",
    }
    assert {replace(base, **{name: value}).settings_id("f") for name, value in same.items()} == {base.settings_id("f")}


def test_settings_id_knows_equal_poses() -> None:
    middle, eighth = RunConfig(cfg=2.0), RunConfig(cfg=2.0, frame_index=8)
    assert middle.settings_id("f", 16) == eighth.settings_id("f", 16)
    assert RunConfig(cfg=2.0, sequence_length="from-file").settings_id("f", 16) == middle.settings_id("f", 16)
    own = RunConfig(model="a:b", cfg=2.0)
    assert own.settings_id("f") == replace(own, precision="bf16").settings_id("f")
