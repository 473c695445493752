"""A script that calls ``generate`` outside ``if __name__ == "__main__":`` gets one line, and nothing is left behind."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from runs import environment, write_captions

from posepipe.errors import ConfigError, MainGuardMissing

RUN = (
    'posepipe.generate(posepipe.RunConfig("c.txt", model="fake_model:factory", gpus="none", workers=1, '
    'dashboard_address="127.0.0.1:0"))'
)


def script(folder: Path, text: str) -> subprocess.CompletedProcess[str]:
    """Run a script in a folder with captions; also checks that none of its processes is left."""
    write_captions(folder / "c.txt", ["A person waving"])
    (folder / "script.py").write_text(text)
    done = subprocess.run(
        [sys.executable, "script.py"], cwd=folder, env=environment(), capture_output=True, text=True, timeout=180
    )
    for entry in Path("/proc").glob("[0-9]*/cwd"):
        try:
            assert entry.readlink() != folder, f"process {entry.parent.name} is left"
        except OSError:  # it has ended, or belongs to somebody else
            continue
    return done


@pytest.mark.parametrize(
    "text",
    [
        f"import posepipe\nsummary = {RUN}\n",
        f"import posepipe\n\ndef main():\n    {RUN}\n\nmain()\n",
        f"import logging, posepipe\nlogger = logging.getLogger(__name__)\nfor _ in range(1):\n    {RUN}\n",
    ],
    ids=["call", "function", "loop"],
)
def test_a_script_without_the_guard_ends_with_one_line_and_writes_nothing(tmp_path: Path, text: str) -> None:
    done = script(tmp_path, text)
    assert done.returncode == 1
    line = max(number for number, code in enumerate(text.splitlines(), 1) if "generate(" in code or code == "main()")
    assert done.stderr == (
        f'script.py, line {line}: call posepipe.generate below `if __name__ == "__main__":`; '
        "the run starts processes that import this script\n"
    )
    assert {path.name for path in tmp_path.iterdir()} == {"c.txt", "script.py"}


def test_a_guard_around_something_else_is_found_out_by_the_workers(tmp_path: Path) -> None:
    done = script(tmp_path, f'import posepipe\nif __name__ == "__main__":\n    print("begins")\n{RUN}\n')
    assert done.returncode == 1
    assert done.stdout == "begins\n"
    assert done.stderr.startswith('script.py: call posepipe.generate below `if __name__ == "__main__":`;')
    assert done.stderr.count("\n") == 1
    assert not list(Path(tempfile.gettempdir()).glob(".posepipe-no-main-guard-*"))


@pytest.mark.parametrize(
    "text",
    [
        f'import posepipe\nif __name__ == "__main__":\n    print({RUN}.exit_code)\n',
        f'import posepipe\ndef main():\n    print({RUN}.exit_code)\nif "__main__" == __name__:\n    main()\n',
        "import multiprocessing as m, posepipe\nif m.current_process().name == 'MainProcess':\n    "
        f"print({RUN}.exit_code)\n",
    ],
    ids=["guard", "function", "name of the process"],
)
def test_a_script_with_a_guard_runs(tmp_path: Path, text: str) -> None:
    done = script(tmp_path, text)
    assert (done.returncode, done.stdout, done.stderr) == (0, "0\n", "")
    assert (tmp_path / "SinglePose" / "waving.npy").exists()


def test_a_dry_run_needs_no_guard(tmp_path: Path) -> None:
    done = script(tmp_path, 'import posepipe\nprint(posepipe.generate(posepipe.RunConfig("c.txt", dry_run=True)))\n')
    assert done.returncode == 0, done.stderr


def test_the_error_can_be_caught_like_other_bad_arguments() -> None:
    with pytest.raises(ConfigError, match="told") as error:
        raise MainGuardMissing("told")
    assert isinstance(error.value, SystemExit)
    assert error.value.code == "told"
