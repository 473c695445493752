"""Attacks on an installed posepipe (``make attack``): each tries to lose, overwrite or leak something.

Every attack works in a folder of its own, types the commands that a user would type, and raises AssertionError if
the attack succeeds. The script prints a table. ``--quick`` leaves out the long ones; the tests run that part.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from attacked import CAPTIONS, HELPERS, LIMIT, MODEL, STEMS, Place, said, snapshot, wait_for, without_traceback

import posepipe
import posepipe.errors

FOREIGN: Final = b"somebody else's file\n"


@dataclass(frozen=True)
class Attack:
    """An attack: the item of the threat list that it belongs to, what it tries, and whether it is a quick one."""

    item: str
    title: str
    action: Callable[[Place], None]
    quick: bool
    root: bool
    program: str | None


ATTACKS: Final[list[Attack]] = []


Action = Callable[[Place], None]


def attack(
    item: str, title: str, *, quick: bool = False, root: bool = False, program: str | None = None
) -> Callable[[Action], Action]:
    """Register a function as an attack; ``root`` and ``program`` say what it needs."""

    def register(action: Action) -> Action:
        ATTACKS.append(Attack(item, title, action, quick, root, program))
        return action

    return register


# Files that no row describes


def _foreign(place: Place, formats: str, layout: str) -> None:
    folder = place.out
    folder.mkdir()
    names = [f"{stem}.{ending}" for stem in STEMS for ending in formats.split(",")]
    for name in names:
        (folder / name).write_bytes(FOREIGN)
    done = place.run("--formats", formats, "--layout", layout)
    without_traceback(done)
    left = sum(content == FOREIGN for content in snapshot(folder).values())
    assert left == len(names), f"{len(names) - left} of {len(names)} foreign files are gone; {said(done)}"


for _formats in ("npy", "png", "npy,png", "json", "npy,json,png"):
    attack("1", f"foreign files under the names to be written, --formats {_formats}", quick=_formats == "npy,png")(
        lambda place, formats=_formats: _foreign(place, formats, "files")
    )


@attack("1", "a foreign file inside a folder of --layout folders")
def _(place: Place) -> None:
    place.made("--layout", "folders")
    victim = next(place.out.rglob("standing_number_3.npy"))
    shutil.rmtree(place.manifest)
    for path in place.out.rglob("*.npy"):
        path.write_bytes(FOREIGN)
    for path in [*place.out.rglob("*.json"), *place.out.rglob("*.png")]:
        if path.name != ".posepipe.json":
            path.unlink()
    place.run("--layout", "folders")
    assert sum(content == FOREIGN for content in snapshot(place.out).values()) == len(STEMS), victim


# The manifest


def _fragments(place: Place) -> list[Path]:
    return sorted(place.manifest.glob("*.parquet"))


def _flip(place: Place, count: int) -> None:
    place.made()
    sound = place.rows().sort_values(["caption_id", "variant"]).reset_index(drop=True)
    chance, silent = random.Random(7), []
    for _ in range(count):
        path = chance.choice(_fragments(place))
        content = path.read_bytes()
        bit = chance.randrange(8 * len(content))
        changed = bytearray(content)
        changed[bit // 8] ^= 1 << bit % 8
        path.write_bytes(changed)
        try:
            rows = place.rows().sort_values(["caption_id", "variant"]).reset_index(drop=True)
            same = rows.equals(sound)
        except posepipe.errors.PosepipeError:  # nothing is returned in silence
            same = True
        if not same:
            silent.append((path.name, bit))
        path.write_bytes(content)
    assert not silent, f"{len(silent)} of {count} flipped bits changed what read_manifest returns: {silent[:3]}"


@attack("2", "20 flipped bits in fragments: read_manifest raises or returns the same", quick=True)
def _(place: Place) -> None:
    _flip(place, 20)


@attack("2", "200 flipped bits in fragments")
def _(place: Place) -> None:
    _flip(place, 200)


@attack("2", "a fragment cut in half: verify and run notice it")
def _(place: Place) -> None:
    place.made()
    path = _fragments(place)[-1]
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    done = place.call("verify")
    assert done.returncode in (1, 3, 4), said(done)
    without_traceback(done)
    place.call("verify", "--repair", "--adopt")
    again = place.run()
    assert again.returncode == 0, said(again)
    assert len(place.rows()) == len(CAPTIONS), said(again)


@attack("11", "a fragment that cannot be opened for the moment", quick=True)
def _(place: Place) -> None:
    place.made()
    path = _fragments(place)[-1]
    content = path.read_bytes()
    path.unlink()
    path.symlink_to(path.name)  # opening it is ELOOP, for root too
    before = {name: content for name, content in snapshot(place.out).items() if not name.startswith(".")}
    done = place.run()
    assert done.returncode in (3, 4), said(done)
    without_traceback(done)
    try:
        rows = place.rows()
    except (posepipe.errors.PosepipeError, OSError):
        rows = None
    assert rows is None or len(rows) == len(CAPTIONS), f"read_manifest returns {len(rows)} rows in silence"
    path.unlink()
    path.write_bytes(content)
    after = {name: content for name, content in snapshot(place.out).items() if not name.startswith(".")}
    assert after == before, "the run changed the output"
    assert len(place.rows()) == len(CAPTIONS)


@attack("3", "poses made anew after the clock was set back a day", program="faketime")
def _(place: Place) -> None:
    ahead = subprocess.run(
        ["faketime", "-f", "+1d", *place.command("run", "c.txt", *MODEL)],
        cwd=place.folder,
        env=place.environment(),
        capture_output=True,
        text=True,
        timeout=LIMIT,
    )
    assert ahead.returncode == 0, said(ahead)
    place.made("--seed", "5", "--on-mismatch", "regenerate")
    seeds = json.loads((place.out / f"{STEMS[0]}.json").read_text())["seed"]
    row = place.rows().set_index("stem").loc[STEMS[0]]
    assert row["seed"] == seeds, f"the newest row has seed {row['seed']}, the file {seeds}"
    assert place.call("verify").returncode == 0


# Folders that moved


@attack("4", "a project that was moved", quick=True)
def _(place: Place) -> None:
    project = place.folder / "project"
    project.mkdir()
    inner = Place(project).made()
    moved = place.folder / "elsewhere"
    project.rename(moved)
    inner = Place(moved)
    for command in (("run", "c.txt", *MODEL), ("verify",), ("gallery",), ("watch", "--once")):
        done = inner.call(*command)
        assert done.returncode == 0, f"{command[0]}: {said(done)}"
    assert not project.exists(), f"{project} came back"


@attack("4", "a copied project never touches the original")
def _(place: Place) -> None:
    project, copy = place.folder / "project", place.folder / "copy"
    project.mkdir()
    Place(project).made()
    shutil.copytree(project, copy, symlinks=True)
    before = snapshot(project)
    (copy / "SinglePose" / f"{STEMS[0]}.npy").write_bytes(b"x")
    shutil.rmtree(copy / "manifests")
    done = Place(copy).call("verify")
    assert done.returncode != 0, f"verify used the original's manifest: {said(done)}"
    Place(copy).run("--on-mismatch", "regenerate", "--seed", "9")
    assert snapshot(project) == before, "the original changed"


@attack("11", "the same absolute OUT from another working folder")
def _(place: Place) -> None:
    place.made("--final-dir", str(place.out))
    other = place.folder / "other"
    other.mkdir()
    before = {p.name: p.stat().st_mtime_ns for p in place.out.glob("*.npy")}
    done = Place(other).run("--final-dir", str(place.out))
    after = {p.name: p.stat().st_mtime_ns for p in place.out.glob("*.npy")}
    assert before == after, f"poses were made again: {said(done)}"


# Captions that fail

POISON_MODEL: Final = """
import asyncio, os, sys, multiprocessing
import numpy as np
from fake_model import STANDING
class Odd(Exception):
    def __str__(self): raise RuntimeError("no text")
class Model:
    fingerprint = "poison"
    def generate(self, captions, seeds, *, sequence_length, time_steps, cfg):
        for caption in list(captions):
            what = caption.split()[-1]
            if what == "interrupt": raise KeyboardInterrupt
            if what == "exit": raise SystemExit(3)
            if what == "cancel": raise asyncio.CancelledError
            if what == "generator": raise GeneratorExit
            if what == "base": raise BaseException("base")
            if what == "odd": raise Odd
            if what == "surrogate": raise ValueError("\\udc80\\ud800")
            if what == "large": raise ValueError("m" * 10_000_000)
            if what == "escape": raise ValueError("\\x1b[2J\\nINFO forged line\\r\\x07")
            if what == "prints": print("p" * 100_000, end=""); os.write(1, b"raw"); raise ValueError("printed")
        if isinstance(captions, list): captions.clear()
        n = len(seeds)
        return np.repeat(np.repeat(STANDING[None, None], sequence_length, 1), n, 0).astype(np.float32)
def factory(device): return Model()
"""
POISON: Final = ("interrupt", "exit", "cancel", "generator", "base", "odd", "surrogate", "large", "escape", "prints")


@attack("5, 8", "ten captions of ten kinds that raise what is hard to catch", quick=True)
def _(place: Place) -> None:
    (place.folder / "poison.py").write_text(POISON_MODEL, encoding="utf-8")
    place.write("p.txt", [*CAPTIONS, *(f"A person who does {kind}" for kind in POISON), *(c + " b" for c in CAPTIONS)])
    path = os.pathsep.join([str(HELPERS), str(place.folder)])
    done = subprocess.run(
        place.command("run", "p.txt", "--model", "poison:factory", *MODEL[2:]),
        cwd=place.folder,
        env=place.environment({"PYTHONPATH": path}),
        capture_output=True,
        text=True,
        errors="replace",
        timeout=LIMIT,
    )
    assert done.returncode == 1, said(done)
    rows = place.rows()
    failed = sorted(rows[rows["status"] == "failed"]["caption"].str.split().str[-1])
    assert failed == sorted(POISON), failed
    assert len(rows) == 2 * len(CAPTIONS) + len(POISON), len(rows)
    size = sum(path.stat().st_size for path in place.manifest.rglob("*.parquet"))
    assert size < 1_000_000, f"the manifest takes {size} bytes"
    logs = "".join(p.read_text(errors="replace") for p in (place.folder / "logs").iterdir()) + done.stdout + done.stderr
    assert "\x1b" not in logs
    assert not any(line.startswith("INFO forged") for line in logs.splitlines())


# Paths from the manifest


def _with_path(place: Place, column: str, value: str) -> None:
    """Write a newer row whose ``column`` is ``value``, as an attacker would who may write to the manifest."""
    source = _fragments(place)[-1]
    table = pq.read_table(source)
    row = table.slice(0, 1).to_pylist()[0]
    row[column] = value
    row["finished_at"] = row["finished_at"] + pd.Timedelta(days=1)
    content = io.BytesIO()
    pq.write_table(pa.Table.from_pylist([row], schema=table.schema), content)
    digest = hashlib.sha256(content.getvalue()).hexdigest()[:16]
    start = source.stem.rpartition("-")[0]
    (place.manifest / f"{start}9-{digest}.parquet").write_bytes(content.getvalue())
    assert len(place.rows()) == len(CAPTIONS), "the hostile row is not read, so this tests nothing"


for _column, _value in (("path", "../../victim/x"), ("stem", "../../victim/x"), ("path", "/tmp/attack_victim/x")):

    def _hostile(place: Place, column: str = _column, value: str = _value) -> None:
        place.made("--formats", "npy,json")
        victim = place.folder / "victim"
        victim.mkdir()
        _with_path(place, column, value)
        for command in (("run", "c.txt", *MODEL, "--formats", "npy,json,png"), ("verify", "--repair"), ("gallery",)):
            without_traceback(place.call(*command))
        assert not list(victim.iterdir()), "written outside of OUT"
        assert not Path("/tmp/attack_victim").exists(), "written outside of OUT"

    attack("7, 12", f"a row whose {_column} is {_value}", quick=_value.startswith("..") and _column == "path")(_hostile)


# Streams and terminals


@attack("9", "closed output, head and an ASCII locale: no traceback", quick=True)
def _(place: Place) -> None:
    place.write("c.txt", [*CAPTIONS, "A person naïve 站立 🙂"])
    place.made()
    words = " ".join(place.command())
    ascii_only = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii", "PYTHONCOERCECLOCALE": "0"}
    for line in (
        f"{words} verify >&-",
        f"{words} run c.txt --dry-run >&-",
        f"{words} verify 2>&-",
        f"{words} watch --once >&-",
        f"{words} run c.txt --dry-run {' '.join(MODEL)} | head -1",
        f"{words} run --help | head -1",
        f"{words} models | head -1",
        f"{words} run c.txt {' '.join(MODEL)} --seed 4",
    ):
        done = subprocess.run(
            line,
            shell=True,
            cwd=place.folder,
            env=place.environment(ascii_only),
            capture_output=True,
            text=True,
            timeout=LIMIT,
        )
        assert not any(word in done.stdout + done.stderr for word in ("Traceback", "BrokenPipe", "UnicodeEncode")), (
            f"{line}: {said(done)}"
        )


# State files


@attack("12", "the lock as a symlink, a FIFO and a folder", quick=True)
def _(place: Place) -> None:
    place.made()
    lock = place.out / ".posepipe.lock"
    target = place.folder / "precious"
    for kind in ("symlink", "fifo", "folder"):
        if lock.is_dir() and not lock.is_symlink():
            lock.rmdir()
        else:
            lock.unlink(missing_ok=True)
        target.write_bytes(FOREIGN)
        {"symlink": lambda: lock.symlink_to(target), "fifo": lambda: os.mkfifo(lock), "folder": lock.mkdir}[kind]()
        for command in (("run", "c.txt", *MODEL), ("verify",), ("watch", "--once"), ("stop",)):
            without_traceback(place.call(*command))
        assert target.read_bytes() == FOREIGN, f"{kind}: its target was overwritten"


@attack("12", "a .posepipe.json that names a scheduler is not followed", quick=True)
def _(place: Place) -> None:
    place.made()
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.5)
        state = json.loads((place.out / ".posepipe.json").read_text())
        state["scheduler"] = f"tcp://127.0.0.1:{server.getsockname()[1]}"
        (place.out / ".posepipe.json").write_text(json.dumps(state))
        for command in (("watch", "--once"), ("stop",), ("verify",)):
            without_traceback(place.call(*command))
        try:
            server.accept()
        except TimeoutError:
            return
    raise AssertionError("a command connected to it")


@attack("12", "state files with wrong types", quick=True)
def _(place: Place) -> None:
    place.made()
    for content in (b"[]", b"{}", b'{"manifest": 5}', b"\x00" * 100, b'{"manifest": "a\\u0000b"}', b"[" * 100_000):
        (place.out / ".posepipe.json").write_bytes(content)
        for command in (("watch", "--once"), ("stop",)):
            without_traceback(place.call(*command))


@attack("6", "another user of the machine reads the scheduler's files or connects", root=True, program="setpriv")
def _(place: Place) -> None:
    place.write("slow.txt", [f"A person standing briefly {number}" for number in range(600)])
    running = place.start(captions="slow.txt")
    try:
        wait_for(lambda: place.manifest.exists() and len(_fragments(place)) > 1)
        program = (
            "import glob, socket, sys\n"
            "import psutil\n"
            f"leader = psutil.Process({running.pid})\n"
            "import distributed, asyncio\n"
            "for port in [int(p) for p in sys.argv[1:]]:\n"
            "    try:\n"
            "        client = distributed.Client(f'tcp://127.0.0.1:{port}', timeout=3)\n"
            "        print('RAN', client.run_on_scheduler(lambda: __import__('os').getuid()))\n"
            "    except Exception as error: print(type(error).__name__)\n"
        )
        import psutil

        family = [psutil.Process(running.pid), *psutil.Process(running.pid).children(recursive=True)]
        ports = {str(c.laddr.port) for p in family for c in p.net_connections("tcp") if c.status == psutil.CONN_LISTEN}
        assert ports
        stranger = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"]
        done = subprocess.run(
            [*stranger, sys.executable, "-c", program, *sorted(ports)],
            capture_output=True, text=True, timeout=LIMIT, cwd="/", env={**os.environ, "HOME": "/tmp"},
        )  # fmt: skip
        assert "RAN" not in done.stdout, done.stdout
    finally:
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()


@attack("13", "pause and stop at the same time")
def _(place: Place) -> None:
    place.write("slow.txt", [f"A person standing briefly {number}" for number in range(5000)])
    running = place.start(captions="slow.txt")
    try:
        wait_for(lambda: place.manifest.exists() and len(_fragments(place)) > 1)
        both = [
            subprocess.Popen(
                place.command(word), cwd=place.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            for word in ("pause", "stop")
        ]
        for each in both:
            each.wait(timeout=60)
        running.communicate(timeout=60)
        assert running.returncode == 0, running.returncode
    finally:
        if running.poll() is None:
            os.killpg(running.pid, signal.SIGKILL)
            running.wait()


# Folders of the user


@attack("11", "--manifest, --temp-dir and --log-dir on folders with the user's files", quick=True)
def _(place: Place) -> None:
    kept = {}
    for name in ("tables", "scratch", "notes"):
        folder = place.folder / name
        folder.mkdir()
        pd.DataFrame({"a": [1, 2]}).to_parquet(folder / "mine.parquet")
        for file in ("a.npy", "run.log", "worker.log", ".mine", "x.part"):
            (folder / file).write_bytes(FOREIGN)
        kept[name] = snapshot(folder)
    without_traceback(place.run("--manifest", "tables", "--temp-dir", "scratch", "--log-dir", "notes"))
    without_traceback(place.run("--temp-dir", "scratch", "--log-dir", "notes"))
    for name, before in kept.items():
        after = snapshot(place.folder / name)
        lost = [file for file, content in before.items() if not after.get(file, b"").startswith(content[:200])]
        assert not lost, f"{name}: {lost} changed or gone"


@attack("11", "OUT deleted while the manifest stays")
def _(place: Place) -> None:
    place.made()
    shutil.rmtree(place.out)
    place.made()
    assert (place.out / f"{STEMS[0]}.npy").exists(), "nothing was made again"


@attack("11", "SIGKILL while poses are made anew with another seed")
def _(place: Place) -> None:
    place.write("c.txt", [f"A person standing briefly number {number}" for number in range(400)])
    place.made("--formats", "npy,json")
    before = {p.name: p.read_bytes() for p in place.out.glob("*.npy")}
    running = place.start("--formats", "npy,json", "--seed", "5", "--on-mismatch", "regenerate")
    wait_for(lambda: any(p.read_bytes() != before.get(p.name) for p in place.out.glob("*.npy")))
    os.killpg(running.pid, signal.SIGKILL)
    running.communicate()
    subprocess.run(["pkill", "-9", "-f", str(place.folder)], check=False)
    done = place.run("--formats", "npy,json")
    if done.returncode == 4:  # it refuses: the mixture is said
        return
    assert place.call("verify").returncode == 0, said(done)
    assert {p.name: p.read_bytes() for p in place.out.glob("*.npy")} == before, said(done)


def tried(each: Attack) -> tuple[str, str]:
    """Run an attack; returns "held", "BROKEN" or "skipped", and why."""
    if each.root and os.geteuid() != 0:
        return "skipped", "needs root"
    if each.program and shutil.which(each.program) is None:
        return "skipped", f"needs {each.program}"
    with tempfile.TemporaryDirectory(prefix="attack_") as name:
        try:
            each.action(Place(Path(name)))
        except Exception as error:
            return "BROKEN", f"{type(error).__name__}: {' '.join(str(error).split())[:400]}"
    return "held", ""


def main() -> int:
    """Run the attacks; returns 1 if one of them succeeded."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="only the quick ones")
    parser.add_argument("--only", default="", metavar="TEXT", help="only attacks whose item or title contains TEXT")
    options = parser.parse_args()
    chosen = [a for a in ATTACKS if (a.quick or not options.quick) and options.only in f"{a.item} {a.title}"]
    broken = 0
    for each in chosen:
        began = time.monotonic()
        result, why = tried(each)
        broken += result == "BROKEN"
        print(f"{result:8}{each.item:6}{each.title} ({time.monotonic() - began:.0f} s)", flush=True)
        if why:
            print(f"        {why}", flush=True)
    print(f"{len(chosen)} attacks, {broken} succeeded")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
