"""Options: defaults, presets, limits, and what settings_id is made of."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from posepipe import commandline
from posepipe.config import RunConfig
from posepipe.errors import ConfigError
from posepipe.run.__main__ import main, run_parser


def parse(*arguments: str) -> RunConfig:
    options = vars(run_parser().parse_args(commandline.hyphens(arguments)))
    options.pop("captions")
    return RunConfig(**options)


def test_defaults() -> None:
    config = parse()
    assert (config.sequence_length, config.time_steps, config.cfg, config.frame_index) == (16, 18, None, -1)
    assert (config.solver, config.solver_steps, config.seed, config.precision) == ("rk4", 10, 3407, "float32")
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


@pytest.mark.parametrize(
    "arguments",
    [
        ["--sequence-length", "18"],
        ["--sequence-length", "200"],
        ["--sequence-length", "0"],
        ["--frame-index", "16"],
        ["--frame-index", "-17"],
        ["--frame-index", "first"],
        ["--cfg", "nan"],
        ["--cfg", "-1"],
        ["--batch-timeout", "inf"],
        ["--batch-timeout", "0"],
        ["--batch-size", "0"],
        ["--workers", "0"],
        ["--start", "-1"],
        ["--limit", "-5"],
        ["--variants", "0"],
        ["--seed", "-1"],
        ["--seed", str(2**63)],
        ["--formats", "npy,bvh"],
        ["--formats", ""],
        ["--gpus", "one"],
        ["--model", "large"],
        ["--model", "a.b:"],
        ["--scheduler", "tcp://x:1", "--scheduler-file", "y"],
        ["--solver-steps", "0"],
        ["--time-steps", "0"],
    ],
)
def test_bad_values_are_named(arguments: list[str]) -> None:
    with pytest.raises(ConfigError, match=arguments[0]):
        parse(*arguments)


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
