"""An output folder, its manifest, and runs on it without a cluster."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from stages import State

from posepipe import manifest
from posepipe.artifacts.checking import COLUMNS
from posepipe.captions.reading import read_captions
from posepipe.config import RunConfig
from posepipe.control.lock import RunControl
from posepipe.control.state import ENDED, new_state
from posepipe.run import export, job
from posepipe.run.plan import Plan, make_plan
from posepipe.run.summary import Silent
from posepipe.verify.audit import find_faults
from posepipe.workers.contract import RunContext
from posepipe.workers.infer import infer_partition
from posepipe.workers.publish import publish_partition

CAPTIONS = ("A person waving", "A person sitting", "A person jumping", "A person kneeling", "ein Mensch läuft")


class Output:
    """An output folder, its manifest, and runs on it without a cluster."""

    def __init__(self, folder: Path, captions: Sequence[str], **options: Any) -> None:
        text = folder / "captions.txt"
        text.write_text("\n".join(captions) + "\n", encoding="utf-8")
        self.out, self.manifest = folder / "out", folder / "m"
        self.config = RunConfig(
            **{
                "text_path": str(text),
                "final_dir": str(self.out),
                "manifest": str(self.manifest),
                "log_dir": str(folder / "logs"),
                "model": "fake_model:factory",
                "cfg": 2.0,
                "gpus": "none",
                "fsync": False,
                **options,
            }
        )

    def plan(self, *, again: str | bool = False, **changes: Any) -> Plan:
        """The plan of a run. ``again``: make this caption again, or all, as ``--only`` does."""
        config = replace(self.config, **changes)
        captions = read_captions(config.text_path)
        only = read_captions((), prompts=(again,)).number if isinstance(again, str) else captions.number
        steps = job.Job(config, config.folders(), captions, only if again else None, "fake-1", Silent())
        plan = make_plan(captions, job.read_manifest_index(steps), config, "fake-1", only=steps.only)
        job.check(steps, plan)
        job.claim(steps)
        return plan

    def run(self, *, again: str | bool = False, **changes: Any) -> list[str]:
        """Make what is due; returns the mode of each pose made. ``told`` is what the driver is told about them."""
        config = replace(self.config, **changes)
        plan = self.plan(again=again, **changes)
        context = RunContext(config, "run", "fake-1")
        state = new_state(
            "run",
            final_dir=config.final_dir,
            manifest=str(config.manifest),
            temp_dir=config.temp_dir,
            log_dir=config.log_dir,
            model=config.model,
        )
        held = RunControl(config.final_dir, state)
        work = plan.work.frame()
        modes = list(work["mode"])
        if len(work):
            work["partition"] = 0
            self.told = publish_partition(infer_partition(work, context, State()), context, State())
        held.update(state=ENDED)
        held.close()
        return modes

    def bytes(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in self.out.iterdir() if not path.name.startswith(".")}


def rows_of(output: Output) -> dict[str, dict[str, Any]]:
    """The newest row of each pose, by stem."""
    table = manifest.newest(manifest.read_table(output.manifest))
    return {row["stem"]: row for row in table.to_pylist()}


def faults_of(output: Output) -> list[str]:
    """Kind and file of each fault that verify finds."""
    table = manifest.newest(manifest.read_table(output.manifest, COLUMNS))
    return [f"{fault.kind} {fault.file}" for fault in find_faults(output.config.folders().final, table, 1)]


def command(output: Output, *arguments: str) -> int:
    """Run the command export; returns its exit code."""
    return export.main([str(output.out), "--manifest", str(output.manifest), *arguments])


def break_json(out: Path) -> None:
    """Change the first byte of one JSON."""
    content = bytearray((out / "waving.json").read_bytes())
    content[0] ^= 1
    (out / "waving.json").write_bytes(content)
