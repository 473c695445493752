"""Files, folders, patterns and streams as inputs."""

from __future__ import annotations

import gzip
import io
import os
import threading
from pathlib import Path

import numpy as np
import pytest

from posepipe.captions.reading import read_captions
from posepipe.captions.sources import expand
from posepipe.errors import InputError


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(name: str, content: str = "A person\n") -> None:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")


def names(*paths: str) -> tuple[list[str], list[str]]:
    remarks: list[str] = []
    return [source.name for source in expand(paths, remarks)], remarks


def test_a_folder_in_the_order_of_numbers() -> None:
    for name in ("p/p10.txt", "p/p2.txt", "p/a.md", "p/.hidden.txt", "p/README.md", "p/x.png", "p/below/b.txt"):
        write(name)
    found, remarks = names("p")
    assert found == ["p/a.md", "p/p2.txt", "p/p10.txt"]
    assert remarks == [
        "p: left out README.md, x.png",
        "p: 1 folder in it not read; name them, or give 'p/**/*.txt'",
    ]


def test_patterns() -> None:
    for name in ("p/a.txt", "p/b.txt", "p/q/c.txt", "p/d.md"):
        write(name)
    assert names("p/*.txt")[0] == ["p/a.txt", "p/b.txt"]
    assert names("p/**/*.txt")[0] == ["p/a.txt", "p/b.txt", "p/q/c.txt"]
    with pytest.raises(InputError, match="no file matches"):
        names("p/*.csv")
    write("odd[1].txt")
    assert names("odd[1].txt")[0] == ["odd[1].txt"]


def test_an_input_is_read_once() -> None:
    write("a.txt")
    Path("b.txt").symlink_to("a.txt")
    assert names("a.txt", "./a.txt", "b.txt", ".") == (
        ["a.txt"],
        [f"{name}: named more than once; read once" for name in ("./a.txt", "b.txt", "a.txt", "b.txt")],
    )


def test_a_missing_file_and_what_was_meant() -> None:
    write("captions.txt")
    with pytest.raises(InputError, match=r"captoins\.txt: no such file; did you mean captions\.txt"):
        names("captoins.txt")
    with pytest.raises(InputError, match="no such file; check the path"):
        names("other.csv")
    with pytest.raises(InputError, match="there is no folder x either"):
        names("x/a.txt")


def test_a_folder_without_captions() -> None:
    write("p/x.png")
    with pytest.raises(InputError, match="p: a folder without captions"):
        names("p")


def test_the_home_folder(monkeypatch: pytest.MonkeyPatch, here: Path) -> None:
    write("a.txt")
    monkeypatch.setenv("HOME", str(here))
    assert read_captions("~/a.txt").caption == ["A person"]


def test_a_named_pipe_is_read_like_standard_input() -> None:
    os.mkfifo("pipe")
    content = gzip.compress(b'{"text": "A person"}\n{"text": "B"}\n')
    writer = threading.Thread(target=Path("pipe").write_bytes, args=[content])
    writer.start()
    captions = read_captions("pipe")
    writer.join()
    assert captions.caption == ["A person", "B"]
    assert captions.inputs[0].form == "JSON Lines"


@pytest.mark.parametrize(
    ("content", "form"),
    [
        ("id,caption\n1,A person\n", "CSV"),
        ("id\tcaption\n1\tA person\n", "CSV separated by tabs"),
        ('[{"caption": "A person"}]', "JSON"),
        ("| id | caption |\n|---|---|\n| 1 | A person |\n", "Markdown"),
        ("---\ntitle: x\n---\n- A person\n", "Markdown"),
        ("1. A person\n", "text"),
    ],
)
def test_forms_on_standard_input(content: str, form: str) -> None:
    captions = read_captions("-", stdin=io.BytesIO(content.encode()))
    assert captions.caption == ["A person"]
    assert captions.inputs[0].form == form
    assert (captions.inputs[0].remarks != ()) == (form != "text")


def test_several_inputs_one_after_the_other() -> None:
    write("a.txt", "A\nB")
    write("b.md", "- B\n- C\n-\n")
    write("c/d.csv", "caption\nD\n")
    captions = read_captions(["a.txt", Path("b.md"), "c"], prompts=["P", "A"])
    assert captions.caption == ["P", "A", "B", "C", "D"]
    assert captions.sources_of(np.array([0, 1, 2, 3, 4])) == [
        "--text-prompt",
        "--text-prompt",
        "a.txt",
        "b.md",
        "c/d.csv",
    ]
    assert captions.line.tolist() == [1, 2, 2, 2, 2]
    assert captions.repetitions == 2
    assert [(line.source, line.line) for line in captions.unusable] == [("b.md", 3)]
    assert captions.source == "4 inputs, the first --text-prompt"


def test_one_of_several_inputs_may_be_empty() -> None:
    write("a.txt", "A\n")
    write("b.txt", "")
    write("c.txt", "# nothing\n")
    captions = read_captions(["a.txt", "b.txt", "c.txt"])
    assert captions.caption == ["A"]
    assert [read.remarks for read in captions.inputs] == [(), ("empty",), ("no captions in it",)]
    with pytest.raises(InputError, match="no captions in any of them"):
        read_captions(["b.txt", "c.txt"])
    write("d.md", '[{"caption": "A"}]')
    with pytest.raises(InputError, match=r"d\.md: its content is JSON"):
        read_captions(["a.txt", "d.md"])


def test_options_without_effect() -> None:
    write("a.txt")
    write("b.csv", "id,pose\n1,B\n")
    with pytest.raises(InputError, match="--column pose has no effect: the input is text; leave it out"):
        read_captions("a.txt", column="pose")
    with pytest.raises(InputError, match="--encoding utf-8 has no effect: the input is captions"):
        read_captions([], prompts=["A"], encoding="utf-8")
    assert read_captions(["a.txt", "b.csv"], column="pose").caption == ["A person", "B"]
    with pytest.raises(InputError, match="name a file"):
        read_captions([])
