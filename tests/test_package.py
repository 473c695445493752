"""What the package exports, and what its command lists."""

from __future__ import annotations

import importlib

import pytest

import posepipe
from posepipe.__main__ import COMMANDS, main


def test_exports() -> None:
    assert set(posepipe.__all__) == {
        "Pose",
        "RunConfig",
        "__version__",
        "generate",
        "load",
        "open_poses",
        "read_manifest",
    }
    assert set(posepipe.__all__) < set(dir(posepipe))
    assert not [name for name in dir(posepipe) if name.startswith("_") and not name.endswith("__")]
    for name in posepipe.__all__:
        assert getattr(posepipe, name)
    with pytest.raises(AttributeError):
        _ = posepipe.nothing_of_the_kind


def test_no_export_bears_a_commands_name() -> None:
    assert not set(posepipe.__all__) & set(COMMANDS)


@pytest.mark.parametrize("name", list(COMMANDS))
def test_every_command_has_a_help_text(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    module, function, _ = COMMANDS[name]
    with pytest.raises(SystemExit) as stop:
        getattr(importlib.import_module(module), function)(["--help"])
    assert stop.value.code == 0
    assert "usage: posepipe" in capsys.readouterr().out


def test_usage_version_and_unknown_commands(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    assert all(name in capsys.readouterr().out for name in ["run"])
    assert main([]) == 2
    assert main(["--version"]) == 0
    assert main(["dance"]) == 2
    assert "no command dance" in capsys.readouterr().err
