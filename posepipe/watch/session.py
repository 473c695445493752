"""Fill a view: from the scheduler's events during a run, from the manifest otherwise."""

from __future__ import annotations

import queue
import time
from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from posepipe import manifest
from posepipe.control.lock import is_held
from posepipe.control.projects import find_project
from posepipe.control.scheduler_file import read_access
from posepipe.control.state import ENDED, RunState, read_state
from posepipe.errors import ConfigError, ManifestError
from posepipe.storage.locations import absolute, open_folder
from posepipe.watch.view import LATEST, FailureView, View, WorkerView
from posepipe.workers.contract import UNSURE_EXAMPLES

if TYPE_CHECKING:
    import pyarrow as pa
    from distributed import Client

ATTACH_SECONDS: Final = 5
RETRY_SECONDS: Final = 2.0
COLUMNS: Final = (
    "caption_id",
    "variant",
    "caption",
    "stem",
    "status",
    "error_type",
    "error",
    "flags",
    "run_id",
    "worker",
    "device",
    "finished_at",
)


class Session:
    """Reads the state of one output folder repeatedly.

    Parameters
    ----------
    out : str
        The output folder.
    folder : str, optional
        Its manifest. Default: the one that ``OUT/.posepipe.json`` names.

    Raises
    ------
    ConfigError
        If ``out`` is not an output folder and no manifest is given.
    ManifestError, RefusedError
        There is no manifest, or not that of ``out``.
    """

    def __init__(self, out: str, folder: str | None) -> None:
        self._out, self._folder = out, folder
        self._client: Client | None = None
        self._events: queue.SimpleQueue[tuple[float, dict[str, Any]]] = queue.SimpleQueue()
        self._tried = float("-inf")
        self.note = find_project(out, folder).note
        state, held = self._state()
        self.view = self._fresh(state, held=held)
        self._attach()
        if self._client is None:
            self.read_manifest()

    def _state(self) -> tuple[RunState | None, bool]:
        held = is_held(self._out)
        try:
            state = read_state(self._out)
        except ConfigError:
            if self._folder is None:
                raise
            return None, held
        elsewhere = self._folder is not None and absolute(self._folder) != state.manifest
        return (None, False) if elsewhere else (state, held)

    def _fresh(self, state: RunState | None, *, held: bool) -> View:
        folder = self._folder or (state.manifest if state else "")
        return View(self._out, folder, state, held=held)

    def refresh(self) -> View:
        """Read the state file and the events since the last call."""
        state, held = self._state()
        before = self.view.run
        if state is not None and (before is None or before.run_id != state.run_id):
            self.view = self._fresh(state, held=held)  # a new run has begun
            self.close()
        self.view.run, self.view.held = state, held
        self._attach()
        while not self._events.empty():
            self.view.apply(*self._events.get())
        return self.view

    def _attach(self) -> None:
        """Connect to the run's scheduler if there is one, and apply its past events."""
        run = self.view.run
        if self._client is not None and self._client.status != "running":
            self.close()
        if self._client is not None or run is None or run.scheduler is None or not self.view.held:
            return
        if run.state == ENDED or time.monotonic() - self._tried < RETRY_SECONDS:
            return
        self._tried = time.monotonic()
        access = read_access(self._out)  # never an address that the state file names
        if access is None:
            return
        from distributed import Client

        from posepipe.run.certificates import security
        from posepipe.workers.contract import TOPIC

        try:
            tls = security(access.certificate, access.key) if access.certificate and access.key else None
            client = Client(access.address, security=tls, timeout=ATTACH_SECONDS, set_as_default=False)
        except (OSError, TimeoutError, ValueError):
            return
        live: queue.SimpleQueue[tuple[float, dict[str, Any]]] = queue.SimpleQueue()
        client.subscribe_topic(TOPIC, live.put)
        view = self._fresh(run, held=True)
        last = float("-inf")
        for stamp, event in client.get_events(TOPIC):
            view.apply(stamp, event)
            last = stamp
        while not live.empty():
            stamp, event = live.get()
            if stamp > last:
                view.apply(stamp, event)
        self._client, self._events, self.view = client, live, view

    def read_manifest(self) -> View:
        """Fill the view from the manifest, for a run that has ended or whose scheduler cannot be reached."""
        folder = open_folder(self.view.manifest)
        if not folder.is_folder():
            raise ManifestError(f"{folder}: no manifest there; give its folder with --manifest")
        table = manifest.newest(manifest.read_table(folder, COLUMNS))
        view = self._fresh(self.view.run, held=self.view.held)
        view.deaths = self.view.deaths
        fill(view, table)
        self.view = view
        return view

    def close(self) -> None:
        """Disconnect from the scheduler."""
        if self._client is not None:
            self._client.close()
            self._client = None


def fill(view: View, table: pa.Table) -> None:
    """Fill a view from the newest rows of the manifest.

    Counts, workers and times are those of the last run; failures are those of the whole manifest.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    done = pc.equal(table["status"], "done")
    view.in_manifest = pc.sum(done).as_py() or 0
    mine = table if view.run is None else table.filter(pc.equal(table["run_id"], view.run.run_id))
    for status, name in (("done", "made"), ("failed", "failed")):
        view.certain[name] = pc.sum(pc.equal(mine["status"], status)).as_py() or 0
    unsure = mine.filter(pc.match_substring_regex(pc.fill_null(mine["flags"], ""), "(^|,)unsure(,|$)"))
    view.certain["unsure"] = len(unsure)
    view.unsure_captions = unsure.slice(0, UNSURE_EXAMPLES)["caption"].to_pylist()
    for part in mine.group_by(["worker", "device", "status"]).aggregate([("caption_id", "count")]).to_pylist():
        if part["worker"] is not None:
            worker = view.workers.setdefault(part["worker"], WorkerView(part["worker"], part["device"]))
            names = ("joints", "poses") if part["status"] == "done" else ("failed",)
            worker.totals += Counter(dict.fromkeys(names, part["caption_id_count"]))
    failed = table.filter(pc.equal(table["status"], "failed"))
    for row in failed.group_by("error_type").aggregate([("caption_id", "count")]).to_pylist():
        name = row["error_type"] or "unknown"
        view.failures[name] = FailureView(name, row["caption_id_count"])
    for name, failure in view.failures.items():
        example = failed.slice(pc.index(failed["error_type"], pa.scalar(name)).as_py(), 1).to_pylist()[0]
        failure.error, failure.caption = example["error"] or "", example["caption"] or ""
        failure.caption_id = example["caption_id"]
    _last(view, mine)


def _last(view: View, mine: pa.Table) -> None:
    """Fill in the latest poses, each worker's last caption, and the time of the last row."""
    import pyarrow.compute as pc

    if not len(mine):
        return
    latest: datetime | None = pc.max(mine["finished_at"]).as_py()
    view.last_finished = latest.timestamp() if latest else None
    made = mine.filter(pc.equal(mine["status"], "done"))
    if len(made):
        newest = pc.select_k_unstable(made, k=min(LATEST, len(made)), sort_keys=[("finished_at", "descending")])
        view.latest.extend(made["stem"].take(newest).to_pylist()[::-1])
    for worker in view.workers.values():
        own = mine.filter(pc.equal(mine["worker"], worker.name))
        worker.caption = own.slice(len(own) - 1, 1)["caption"][0].as_py() or ""  # newest() sorts by time
