"""Commands written for MARDM's scripts, typed after ``python -m posepipe.run``."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest
from checkpoint_files import make_checkpoints

from posepipe.run.__main__ import main

Typed = Callable[[str], tuple[int, list[str]]]

FROM_BATCH_GENERATE = (
    "--name MARDM_SiT_XL --ae_name AE --ae_model AE_Model --model MARDM-SiT-XL --dataset_name t2m "
    "--dataset_dir ./datasets --checkpoints_dir ./checkpoints --seed 3407 --time_steps 18 --cfg 4.5 --temperature 1 "
    "--hard_pseudo_reorder --text_path captions.md --temp_dir SinglePose_temp --final_dir SinglePose "
    "--sequence_length 16 --frame_index -1 --gpu_id 0 --batch_size 8"
)
FROM_SAMPLE_SINGLE_POSE = "--name MARDM_SiT_XL --text_path one.txt --save_json --save_image"


@pytest.fixture(scope="module")
def checkpoints(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_checkpoints(tmp_path_factory.mktemp("old") / "checkpoints")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, checkpoints: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory like that of the scripts: ./checkpoints, and files of captions."""
    (tmp_path / "checkpoints").symlink_to(checkpoints)
    (tmp_path / "captions.md").write_text("# Poses\n\n1. A person waving\n2. A person sitting\n", encoding="utf-8")
    (tmp_path / "one.txt").write_text("A person jumping\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def dry_run(capsys: pytest.CaptureFixture[str]) -> Typed:
    """Type a command with ``--dry-run``; gives the exit code and the lines that it prints."""

    def typed(command: str) -> tuple[int, list[str]]:
        capsys.readouterr()
        code = main([*shlex.split(command), "--dry-run"])
        told = capsys.readouterr()
        assert told.out == ""
        return code, told.err.splitlines()

    return typed


@pytest.mark.parametrize(
    ("command", "captions"),
    [
        (FROM_BATCH_GENERATE, 2),
        (FROM_BATCH_GENERATE.replace("--frame_index -1", "--frame_index -2"), 2),
        (FROM_BATCH_GENERATE.replace("--frame_index -1", "--frame_index -3"), 2),
        (FROM_BATCH_GENERATE.replace("--frame_index -1", "--frame_index 0"), 2),
        (FROM_BATCH_GENERATE.replace("--gpu_id 0", "--gpu_id -1"), 2),
        (FROM_BATCH_GENERATE.replace("SiT", "DDPM"), 2),
        (FROM_BATCH_GENERATE.replace("--temperature 1 ", "--temperature 1.0 "), 2),
        ('--text_prompt "A person raising both hands" --save_json --save_image', 1),
        (
            '--name MARDM_SiT_XL --text_prompt "A person raising both hands" --repeat_times 3 --save_json --save_image',
            1,
        ),
        ('--text_prompt "A person jumping" --frame_index 0', 1),
        ('--text_prompt "A person jumping" --frame_index -1', 1),
        ('--text_prompt "A person jumping" --frame_index -2', 1),
        (FROM_SAMPLE_SINGLE_POSE, 1),
        (FROM_SAMPLE_SINGLE_POSE + " --frame_index 0", 1),
        (FROM_SAMPLE_SINGLE_POSE + " --frame_index -2", 1),
        (FROM_SAMPLE_SINGLE_POSE + " --repeat_times 3", 1),
        ("--text_path one.txt --repeat_times 5 --save_image", 1),
    ],
)
def test_old_commands_run(command: str, captions: int, dry_run: Typed, folder: Path) -> None:
    before = sorted(path.name for path in folder.iterdir())
    code, lines = dry_run(command)
    assert code == 0, lines
    repeated = re.search(r"--repeat_times (\d)", command)
    to_do = captions * int(repeated[1]) if repeated else captions
    plan = next(line for line in lines if "to do" in line)
    assert re.match(rf"{captions} captions?: to do {to_do}\b", plan)
    assert sorted(path.name for path in folder.iterdir()) == before


def test_each_old_option_is_explained_in_a_line(dry_run: Typed) -> None:
    _, lines = dry_run(FROM_BATCH_GENERATE)
    assert [line for line in lines if line.startswith("--")] == [
        "--name MARDM_SiT_XL: selects --model mardm-sit-xl",
        "--ae-name AE: no effect; the autoencoder is the one under --checkpoints",
        "--ae-model AE_Model: no effect; the autoencoder is the one under --checkpoints",
        "--dataset-name t2m: no effect; posepipe makes the 22 joints of HumanML3D (t2m)",
        "--dataset-dir ./datasets: no effect; a model's statistics are read from the folder of its weights",
        "--hard-pseudo-reorder: no effect; the order of the tokens does not change the poses",
    ]
    _, lines = dry_run(FROM_SAMPLE_SINGLE_POSE)
    assert lines[:3] == [
        "--name MARDM_SiT_XL: selects --model mardm-sit-xl",
        "--save-json: no effect; json is one of the formats written",
        "--save-image: no effect; png is one of the formats written",
    ]


def test_an_autoencoder_for_the_bundled_model(dry_run: Typed) -> None:
    code, lines = dry_run("one.txt --ae_name AE")
    assert code == 0
    assert lines[0] == ("--ae-name AE: no effect with model small; --model mardm-sit-xl uses the official weights")


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("one.txt --name mine", r"--name mine: give MARDM_SiT_XL or MARDM_DDPM_XL; .*--checkpoints"),
        ("one.txt --name small", r"--name small: give MARDM_SiT_XL or MARDM_DDPM_XL"),
        (
            "one.txt --name MARDM_SiT_XL --model MARDM-DDPM-XL",
            r"--name MARDM_SiT_XL: is another model than --model MARDM-DDPM-XL; give one of them",
        ),
        ("one.txt --name MARDM_SiT_XL --model small", r"--name MARDM_SiT_XL: is another model than --model small"),
        ("one.txt --model MARDM-SiT-XXL", r"--model MARDM-SiT-XXL: give small, mardm-sit-xl, mardm-ddpm-xl or "),
        ("one.txt --name MARDM_SiT_XL --ae_name VQ", r"--ae-name VQ: leave it out or give AE; the autoencoder"),
        ("one.txt --name MARDM_SiT_XL --ae_model Big", r"--ae-model Big: leave it out or give AE_Model"),
        ("one.txt --dataset_name kit", r"--dataset-name kit: leave it out or give t2m; .*22 joints"),
        ("one.txt --name MARDM_SiT_XL --temperature hot", r"--temperature hot: give a number from 0 to 10"),
        ("one.txt --save_json --formats npy", r"--save-json: --formats npy leaves json out; add it to --formats"),
        ("one.txt --save_image --formats npy", r"--save-image: --formats npy leaves png out; add it to --formats"),
        ("one.txt --frame_index 16", r"--frame-index 16: give a number from -16 to 15, .*-2 the last"),
        ("one.txt --name", r"--name needs a value"),
    ],
)
def test_what_posepipe_does_not_do_is_one_line(command: str, told: str, dry_run: Typed) -> None:
    code, lines = dry_run(command)
    assert code == 2
    assert len(lines) == 1
    assert re.match("posepipe: " + told, lines[0])
