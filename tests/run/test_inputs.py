"""The options that say which captions are made, from the command line to the manifest."""

from __future__ import annotations

import io
import json
from pathlib import Path
from types import SimpleNamespace

import pytest
import runs

from posepipe import manifest
from posepipe.config import RunConfig
from posepipe.run.__main__ import main


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(name: str, content: str, encoding: str = "utf-8") -> None:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode(encoding))


def dry_run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[str]]:
    """Exit code of a dry run, and the lines that it prints."""
    code = main([*arguments, "--dry-run", "--model", "small"])
    return code, capsys.readouterr().err.splitlines()


def test_several_inputs_and_where_each_caption_is_from(here: Path) -> None:
    write("a.txt", "1. A person waves\n2. A person sits\n3. A person bows")
    write("b.csv", "id;pose\n1;一个人站着 sits\n2;A person waves\n3;\n", "gb18030")
    write("prompts/p2.md", "- A person Sits down\n")
    write("prompts/p10.jsonl", json.dumps({"pose": "A person sits up"}) + "\n")
    arguments = [
        "a.txt",
        "--formats",
        "npy",
        "b.csv",
        "prompts/p10.jsonl",
        "--text-prompt",
        "A man sits",
        "--text-prompt",
        "B",
    ]
    options = ["--column", "pose", "--encoding", "gb18030", "--match", "sit|B$", "--no-fsync"]
    done = runs.run(here, *arguments, *options)
    assert done.returncode == 1, done.stderr  # one line of the table is unusable
    assert "b.csv, line 4: left out: nothing left" in done.stderr
    rows = manifest.read_manifest("manifests/SinglePose").sort_values("caption")
    assert rows[["caption", "source", "line"]].values.tolist() == [
        ["A man sits", "--text-prompt", 1],
        ["A person sits", "a.txt", 2],
        ["A person sits up", "prompts/p10.jsonl", 1],
        ["B", "--text-prompt", 2],
        ["一个人站着 sits", "b.csv", 2],
    ]
    assert set(rows["status"]) == {"done"}
    log = (here / "logs" / "run.log").read_text(encoding="utf-8")
    assert "a.txt: text, GB18030: 3 captions; removed 3 list marks" in log
    assert "b.csv, line 4 left out: nothing left" in log
    again = runs.run(here, "prompts", "--formats", "npy", "--no-fsync", "--column", "pose")
    assert again.returncode == 2
    assert "prompts/p2.md: no column `pose` (--column); no table in it" in again.stderr


def test_lengths_from_the_input(here: Path) -> None:
    write("a.csv", "caption,Frames\nA person waves,120\nA person sits,7\nA person bows,500\nA person lies,\n")
    done = runs.run(here, "a.csv", "--sequence-length", "from-file", "--formats", "npy", "--no-fsync")
    assert done.returncode == 0, done.stderr
    rows = manifest.read_manifest("manifests/SinglePose")
    assert dict(zip(rows["caption"], rows["sequence_length"], strict=True)) == {
        "A person waves": 120,
        "A person sits": 4,
        "A person bows": 196,
        "A person lies": 16,
    }
    assert "lengths outside 4 to 196 frames were clamped: 1 caption" in done.stderr
    assert "lengths were rounded down to a multiple of 4: 1 caption" in done.stderr
    assert "no length in the input, so 16 frames: 1 caption" in done.stderr


def test_a_dry_run_shows_how_the_input_was_read(capsys: pytest.CaptureFixture[str]) -> None:
    write(
        "a.csv", "id;Prompt;frames\n" + "".join(f"{n};A person poses {n};{n * 4}\n" for n in range(1, 9)) + "9;NaN;8\n"
    )
    code, said = dry_run(capsys, "a.csv", "--start", "1")
    assert code == 1
    assert said[:10] == [
        "a.csv: CSV separated by semicolons, UTF-8, column Prompt: 8 captions; 1 unusable line",
        "a.csv, line 10: left out: no value",
        "7 captions: to do 7, done 0, unusable lines 1",
        "  lengths in the input are not used (7 captions); --sequence-length from-file uses them",
        "  A person poses 2 -> poses_2 (16 frames)",
        "  A person poses 3 -> poses_3 (16 frames)",
        "  A person poses 4 -> poses_4 (16 frames)",
        "  A person poses 5 -> poses_5 (16 frames)",
        "  A person poses 6 -> poses_6 (16 frames)",
        "  space needed: 1 MiB",
    ]
    code, said = dry_run(capsys, "a.csv", "--limit", "1", "--sequence-length", "from-file")
    assert "  A person poses 1 -> poses_1 (4 frames)" in said
    assert not list(Path().glob("SinglePose*"))


def test_standard_input_takes_its_form_from_the_content(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    content = b'{"text": "A person waves"}\n{"text": "A person sits"}\n'
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(content)))
    code, said = dry_run(capsys, "-")
    assert code == 0
    assert said[:2] == [
        "standard input: JSON Lines, UTF-8, column text: 2 captions",
        "standard input: read as JSON Lines, by its content",
    ]


def test_only_names_what_is_not_in_the_input(capsys: pytest.CaptureFixture[str]) -> None:
    write("a.txt", "A person waves\nA person sits\n")
    write("again.txt", "A person sits\nA person flies\n")
    code, said = dry_run(capsys, "a.txt", "--only", "again.txt")
    assert code == 0
    assert "again.txt: 1 caption not in the input, left out" in said
    assert "1 caption: to do 1, done 0" in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "no captions"),
        (["a.txt", "--column", "pose"], "--column pose has no effect: the input is text"),
        (["--text-prompt", "A", "--encoding", "gbk"], "--encoding gbk has no effect"),
        (["a.txt", "--encoding", "gbkk"], "--encoding gbkk: no such encoding; did you mean gbk?"),
        (["a.txt", "--match", "zebra"], "--match 'zebra': none of the 1 caption contains it"),
        (["a.txt", "--match", "("], "--match (: give a regular expression"),
        (["a.txt", "--start", "1"], "--start 1: beyond the end; there is 1 caption"),
        (["a.txt", "--only", "b.txt"], "--only: none of its captions"),
        (["a.txt", "--sequence-length", "from-file"], "--sequence-length from-file: the input gives no lengths"),
        (["b.txt", "--strict"], "b.txt, line 2: nothing left (--strict; 1 unusable line)"),
        (["gbk.txt"], "give --encoding gb18030"),
        (["a.txtt"], "a.txtt: no such file; did you mean a.txt?"),
        (["*.csv"], "*.csv: no file matches"),
    ],
)
def test_what_has_no_effect_or_cannot_be_read_is_refused(
    capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    write("a.txt", "A person waves\n")
    write("b.txt", "A person flies\n#NA\n")
    write("gbk.txt", "一个人站着\n一个人坐着\n", "gb18030")
    code, lines = dry_run(capsys, *arguments)
    assert code == 2
    assert said in lines[-1]


def test_paths_and_captions_from_python() -> None:
    config = RunConfig(text_path=[Path("a.txt"), "b.md"], text_prompt="A person")
    assert (config.inputs, config.text_prompt) == (("a.txt", "b.md"), ("A person",))
