"""Typing errors, kinds of values, exit codes, and standard streams that are closed or whose reader is gone."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from posepipe import commandline
from posepipe.__main__ import COMMANDS, main
from posepipe.errors import ConfigError, MachineError


def error_of(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The one line that a command prints for arguments that it does not accept."""
    capsys.readouterr()
    assert main(arguments) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.count("\n") == 1
    return told.err.removeprefix("posepipe: ").rstrip("\n")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ("run c.txt --fianl-dir x", "no option --fianl-dir; did you mean --final-dir?"),
        ("run c.txt --fianl_dir=x", "no option --fianl-dir; did you mean --final-dir?"),
        ("run --sequence-lenght 16 c.txt", "no option --sequence-lenght; did you mean --sequence-length?"),
        ("run c.txt --Seed 3", "no option --Seed; did you mean --seed?"),
        ("run c.txt --xyz", "no option --xyz; see posepipe run --help"),
        ("run c.txt -z", "no option -z; see posepipe run --help"),
        ("run c.txt --limit", "--limit needs a value"),
        ("run c.txt --gpu-id", "--gpus/--gpu-id needs a value"),
        ("run c.txt --dry-run=yes", "--dry-run takes no value"),
        ("run c.txt --batch-size abc", "--batch-size abc: give a number, or auto (numbers from 1 to 65536)"),
        ("run c.txt --preset hgih", "--preset hgih: give fast, default or high"),
        ("verify --repiar", "no option --repiar; did you mean --repair?"),
        ("verify --jobs 0", "--jobs 0: give a whole number of at least 1"),
        ("watch --jsno", "no option --jsno; did you mean --json?"),
        ("pause --relase", "no option --relase; did you mean --release?"),
        ("stop a b", "one argument too many: b; see posepipe stop --help"),
        ("gallery --status dnoe", "--status dnoe: did you mean done?"),
        ("gallery --status x", "--status x: give done or failed"),
        ("models chek", "ACTION chek: did you mean check?"),
        ("models check", "missing: PATH"),
        ("models check x --trsut", "no option --trsut; did you mean --trust?"),
        ("wathc", "no command wathc; did you mean watch?"),
        ("Run", "no command Run; did you mean run?"),
        ("verison", "no command verison; did you mean version?"),
        (
            "--final-dir x",
            "--final-dir: a command must come first, as in: posepipe run --final-dir ...; see posepipe help",
        ),
    ],
)
def test_typing_errors(arguments: str, expected: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert error_of(capsys, *arguments.split()) == expected


def test_a_file_instead_of_a_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "c.txt"
    told = error_of(capsys, str(path))
    assert told == f"no command {path}; there are {', '.join(COMMANDS)}, help and version"
    path.write_text("A person waving\n")
    assert error_of(capsys, str(path)).endswith(f"posepipe run {path}")


def test_help_and_version(capsys: pytest.CaptureFixture[str]) -> None:
    for spelling in ("help", "--help", "-h"):
        assert main([spelling]) == 0
        assert all(f"  {name} " in capsys.readouterr().out for name in ["help"])
    assert main([]) == 2
    capsys.readouterr()
    outputs = set()
    for spelling in ("version", "--version"):
        assert main([spelling]) == 0
        outputs.add(capsys.readouterr().out)
    assert len(outputs) == 1


def test_help_of_a_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["help", "pause"])
    assert stop.value.code == 0
    assert capsys.readouterr().out.startswith("usage: posepipe pause")
    assert error_of(capsys, "help", "wathc") == "no command wathc; did you mean watch?"


def test_the_help_of_run_is_grouped_and_ends_with_examples(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["run", "--help"])
    text = capsys.readouterr().out
    places = [text.index(f"\n{group}:\n") for group in ("input", "output", "model", "speed and machine", "conflicts")]
    assert places == sorted(places)
    last = text.rsplit("\n\n", 1)[1].splitlines()
    assert last[0] == "examples:"
    assert [line.split()[:2] for line in last[1::2]] == [["posepipe", "run"]] * 3


def test_hyphens() -> None:
    given = ["a_b", "--text_path=a_b", "--final_dir", "x_y", "-a_b", "--", "--c_d"]
    assert commandline.hyphens(given) == ["a_b", "--text-path=a_b", "--final-dir", "x_y", "-a_b", "--", "--c_d"]


def test_paths_expand_the_home_directory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ann")
    read = commandline.FOLDER.convert
    assert [read(path) for path in ("~/poses/", "~", "a/~/b", "s3://bucket/~", "~ann~x/y")] == [
        *("/home/ann/poses/", "/home/ann", "a/~/b", "s3://bucket/~"),
        "~ann~x/y",
    ]
    assert read(Path("~/poses")) == "/home/ann/poses"
    parser = commandline.parser("verify", "")
    commandline.add_out(parser)
    found = parser.parse_args(["~/poses", "--manifest=~/m"])
    assert (found.out, found.manifest) == ("/home/ann/poses", "/home/ann/m")


@pytest.mark.parametrize("value", ["", "a\0b", 3, None, b"x"])
def test_no_path(value: object) -> None:
    with pytest.raises(ConfigError, match=r"^--to .*: give a path$"):
        commandline.FOLDER.read("--to", value)


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        (commandline.whole(0, 9), "7", 7),
        (commandline.whole(0, 9), 9, 9),
        (commandline.whole(-3), "-3", -3),
        (commandline.number(0, 1, allowed="x"), "0.5", 0.5),
        (commandline.number(0, allowed="x"), 3, 3.0),
        (commandline.choice("rk4", "euler"), "RK4", "rk4"),
        (commandline.TEXT, "a", "a"),
        (commandline.FLAG, True, True),
    ],
)
def test_values(kind: commandline.Kind, value: object, expected: object) -> None:
    found = kind.read("--x", value)
    assert (found, type(found)) == (expected, type(expected))


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (commandline.whole(0, 9), ["10", -1, "x", 1.0, "1.0", True, None]),
        (commandline.number(0, 1, allowed="x"), ["nan", "inf", 1.1, "-0.1", "x", False, None]),
        (commandline.choice("rk4", "euler"), ["rk", "", None, 4]),
        (commandline.TEXT, [3, None]),
        (commandline.FLAG, ["yes", 1, None]),
    ],
)
def test_bad_values(kind: commandline.Kind, values: list[object]) -> None:
    for value in values:
        with pytest.raises(ConfigError) as error:
            kind.read("--x", value)
        assert str(error.value) == f"--x {commandline.shown(value)}: give {kind.allowed}"


def test_values_separated_by_commas() -> None:
    convert = commandline.commas(commandline.whole(0, 9))
    assert [convert(value) for value in ("1, 2", "3", 4, [5, 6], ("7",))] == ["1,2", "3", "4", "5,6", "7"]
    for value in ("", "1,,2", [], "1;2", [10], 1.5, None):
        with pytest.raises((ValueError, TypeError)):
            convert(value)


def test_one_value_or_several() -> None:
    kind = commandline.several(commandline.TEXT)
    assert kind.read("--x", "a") == ("a",)
    assert kind.read("--x", ["a", "b"]) == ("a", "b")
    with pytest.raises(ConfigError, match=r"--x \['a', 3\]: give text"):
        kind.read("--x", ["a", 3])


@pytest.mark.parametrize(
    ("error", "code"), [(ConfigError("no"), 2), (MachineError("no"), 3), (KeyboardInterrupt(), 130)]
)
def test_exit_codes_of_errors(error: BaseException, code: int, capsys: pytest.CaptureFixture[str]) -> None:
    def body(arguments: list[str]) -> int:
        raise error

    assert commandline.guarded(body, []) == code
    assert capsys.readouterr().err == ("posepipe: no\n" if code < 100 else "")


def test_unknown_errors_keep_their_traceback() -> None:
    def body(arguments: list[str]) -> int:
        raise BrokenPipeError("of a socket, not of standard output")

    with pytest.raises(BrokenPipeError):
        commandline.guarded(body, [])


PRINTING = [["help"], ["version"], ["run", "--help"], ["models"], ["gallery", "--help"]]


def posepipe(arguments: list[str], *, buffered: bool, **streams: object) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    if not buffered:
        environment["PYTHONUNBUFFERED"] = "1"
    return subprocess.run([sys.executable, "-m", "posepipe", *arguments], env=environment, text=True, **streams)  # type: ignore[call-overload,no-any-return]


def broken_pipe() -> int:
    """The write end of a pipe whose reader is gone."""
    reader, writer = os.pipe()
    os.close(reader)
    return writer


@pytest.mark.parametrize("buffered", [True, False])
@pytest.mark.parametrize("arguments", PRINTING, ids=" ".join)
def test_a_reader_that_is_gone_makes_no_traceback(arguments: list[str], buffered: bool) -> None:
    writer = broken_pipe()
    ended = posepipe(arguments, buffered=buffered, stdout=writer, stderr=subprocess.PIPE)
    os.close(writer)
    assert ended.stderr == ""
    assert ended.returncode in (0, 141)


@pytest.mark.parametrize("arguments", [["run", "nothing.txt"], ["dance"], ["verify", "nothing"]], ids=" ".join)
def test_errors_keep_their_code_without_a_reader(arguments: list[str], tmp_path: Path) -> None:
    writer = broken_pipe()
    assert posepipe(arguments, buffered=True, stdout=writer, stderr=writer, cwd=tmp_path).returncode == 2
    os.close(writer)


def closing(*descriptors: int) -> Callable[[], None]:
    def close() -> None:
        for descriptor in descriptors:
            os.close(descriptor)

    return close


@pytest.mark.parametrize("arguments", PRINTING, ids=" ".join)
def test_closed_streams(arguments: list[str]) -> None:
    ended = posepipe(arguments, buffered=True, stderr=subprocess.PIPE, preexec_fn=closing(0, 1))
    assert (ended.returncode, ended.stderr) == (0, "")
    ended = posepipe(arguments, buffered=True, stdout=subprocess.PIPE, preexec_fn=closing(2))
    assert ended.returncode == 0
    assert ended.stdout
    assert posepipe(arguments, buffered=True, preexec_fn=closing(0, 1, 2)).returncode == 0


def test_a_closed_stream_does_not_get_the_next_file(tmp_path: Path) -> None:
    """What is printed to a closed standard output must not end up in a file that got its descriptor."""
    code = (
        "import sys\nfrom posepipe import commandline\n"
        "def body(arguments):\n"
        "    with open(arguments[0], 'w') as file:\n"
        "        assert file.fileno() > 2\n"
        "        print('printed', flush=True)\n"
        "        print('printed', file=sys.stderr, flush=True)\n"
        "        file.write('content')\n"
        "    return 7\n"
        "sys.exit(commandline.guarded(body, None))"
    )
    path = tmp_path / "file"
    ended = subprocess.run([sys.executable, "-c", code, str(path)], preexec_fn=closing(0, 1, 2))
    assert ended.returncode == 7
    assert path.read_text() == "content"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_standard_output_on_a_full_disk() -> None:
    with open("/dev/full", "w") as full:
        ended = posepipe(["version"], buffered=True, stdout=full, stderr=subprocess.PIPE)
    assert ended.returncode == 3
    assert ended.stderr == "posepipe: standard output cannot be written (No space left on device)\n"
