"""The long fault test (``make torture``): kill random processes of a run at random times, a hundred times.

Driver and workers of a run over 2,000 captions with the fake model are killed; the driver is started again when it
was the victim. At the end the artifacts must be those of an undisturbed run, bit for bit, and verify must find no
fault. Kills keep pace with the work: while more is done than their share, they come fast, else slowly.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from runs import artifacts, command, environment, run, start, write_captions

import posepipe
from posepipe import manifest

PEACE = 2.0
"""All kills happen in the first 1/n of the work, where n is this number."""
SPARED = 0.7
"""Probability of sparing a driver that has no workers yet; otherwise most kills would hit starting drivers."""
OUT, TABLE = "SinglePose", Path("manifests", "SinglePose")


@dataclass
class Torture:
    """Kills processes of one run in ``folder`` and counts which, and how the drivers ended."""

    folder: Path
    captions: int
    kills: int
    chance: random.Random
    victims: Counter[str] = field(default_factory=Counter)
    endings: Counter[str] = field(default_factory=Counter)
    anew: list[str] = field(default_factory=list)
    """Options that make all poses again, if they were finished before all kills had happened."""

    def run(self) -> None:
        """Kill until the quota is reached, then let the run finish."""
        process = self._start()
        while self.victims.total() < self.kills:
            time.sleep(self._pause())
            if process.poll() is None:
                self._kill_one(process)
            else:
                process.communicate()
                self.endings[f"exit code {process.returncode}"] += 1
                if process.returncode == 0:
                    print(f"all made after {self.victims.total()} kills; once more over them", flush=True)
                    self.anew = ["--only", "c.txt"]
                process = self._start()
        process.communicate()
        self.endings[f"exit code {process.returncode}"] += 1

    def _start(self) -> subprocess.Popen[str]:
        return start(self.folder, "c.txt", "--retry-failed", "WorkerDied", *self.anew)

    def _pause(self) -> float:
        done = self._rows() / self.captions
        ahead = done > self.victims.total() / (PEACE * self.kills)
        return self.chance.uniform(0.2, 3.0) if ahead else self.chance.expovariate(1 / 3.0)

    def _rows(self) -> int:
        table = manifest.read_table(self.folder / TABLE, ["caption_id", "variant", "finished_at"])
        return len(manifest.newest(table))

    def _kill_one(self, driver: subprocess.Popen[str]) -> None:
        try:
            leader = psutil.Process(driver.pid)
            children = leader.children(recursive=True)
            if not children and self.chance.random() < SPARED:
                return
            victim = self.chance.choice([leader, *children])
            victim.kill()
        except psutil.NoSuchProcess:
            return
        self.victims["driver" if victim == leader else "child"] += 1
        total = self.victims.total()
        if total % 10 == 0:
            print(f"{total} kills, {self._rows():,} of {self.captions:,} poses", flush=True)


def main() -> int:
    """Run the test; returns 0 if the run survived."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--captions", type=int, default=2000)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    with tempfile.TemporaryDirectory() as name:
        calm, wild = Path(name, "calm"), Path(name, "wild")
        for folder in (calm, wild):
            folder.mkdir()
            write_captions(folder / "c.txt", [f"A person number {n}" for n in range(options.captions)])
        began = time.monotonic()
        assert run(calm, "c.txt", timeout=3600).returncode == 0
        print(f"undisturbed: {time.monotonic() - began:.0f} s", flush=True)
        began = time.monotonic()
        torture = Torture(wild, options.captions, options.kills, random.Random(options.seed))
        torture.run()
        print(f"tortured: {time.monotonic() - began:.0f} s; killed {dict(torture.victims)}, {dict(torture.endings)}")
        last = run(wild, "c.txt", "--retry-failed", "WorkerDied", timeout=3600)
        rows = posepipe.read_manifest(wild / TABLE)
        verified = subprocess.run(command("verify", str(wild / OUT)), capture_output=True, text=True, env=environment())
        judged = {
            f"killed {options.kills} times": torture.victims.total() >= options.kills,
            "the last run ended well": last.returncode == 0,
            "a row for each caption, all done": (rows["status"] == "done").sum() == len(rows) == options.captions,
            "the same bits": artifacts(wild / OUT) == artifacts(calm / OUT),
            "verify finds no fault": verified.returncode == 0,
            "nothing left aside": list((wild / f"{OUT}_temp").iterdir()) == [],
            "no process left behind": all(p.cwd() != str(wild) for p in psutil.process_iter() if _readable(p)),
        }
    for what, holds in judged.items():
        print(f"{'yes' if holds else 'NO '}  {what}")
    return 0 if all(judged.values()) else 1


def _readable(process: psutil.Process) -> bool:
    try:
        return bool(process.cwd())
    except (psutil.Error, OSError):
        return False


if __name__ == "__main__":
    sys.exit(main())
