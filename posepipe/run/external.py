"""A Dask cluster that the user started: find its scheduler, and check that its workers can do the work."""

from __future__ import annotations

import asyncio
import contextlib
import json
import uuid
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

from distributed import Client
from distributed.comm import connect
from distributed.security import Security

from posepipe._version import __version__
from posepipe.errors import ConfigError, MachineError, VersionMismatch
from posepipe.run.signals import Interrupted
from posepipe.storage import atomic
from posepipe.storage.locations import open_folder
from posepipe.workers.checks import versions, what_is_out_of_reach

if TYPE_CHECKING:
    from posepipe.config import RunConfig
    from posepipe.run.signals import Signals

FILE_SECONDS: Final = 10.0
"""Wait for a scheduler file that is not there yet, or that is still empty."""
CONNECT_SECONDS: Final = 8.0
"""Wait for a scheduler to answer, and again for it to accept a client."""
WORKERS_SECONDS: Final = 60.0
"""Wait for the first workers that offer both resources."""
ANSWER_SECONDS: Final = 60.0
"""Wait for the answers of all workers to a question."""
POLL_SECONDS: Final = 0.2
RESOURCES: Final = ("infer", "publish")


def scheduler_address(config: RunConfig, signals: Signals, say: Callable[[str], None]) -> str:
    """The address that ``--scheduler`` gives, or the one in the scheduler file.

    Parameters
    ----------
    config : RunConfig
    signals : Signals
        Ends the wait for the file.
    say : callable
        Receives one line if there is a wait.

    Raises
    ------
    ConfigError
        The file is not a scheduler file.
    MachineError
        The file is missing or empty, and stays so.
    Interrupted
    """
    if config.scheduler:
        return config.scheduler
    path = Path(str(config.scheduler_file))
    until = monotonic() + FILE_SECONDS
    announced = False
    while True:
        try:
            text = path.read_text(encoding="utf-8", errors="replace")
            lacking = "is empty"
        except FileNotFoundError:
            text, lacking = "", "is not there"
        except OSError as error:
            raise ConfigError(f"--scheduler-file {path}: cannot be read ({error.strerror})") from error
        address = _address(text, final=monotonic() > until, path=path)
        if address is not None:
            return address
        if monotonic() > until:
            raise MachineError(
                f"--scheduler-file {path}: {lacking} after {FILE_SECONDS:g} s; start the scheduler with "
                f"'dask scheduler --scheduler-file {path}' first"
            )
        if not announced:
            say(f"the scheduler file {path} {lacking}; waiting for it, at most {FILE_SECONDS:g} s")
            announced = True
        signals.sleep(POLL_SECONDS)


def _address(text: str, *, final: bool, path: Path) -> str | None:
    """The address in a scheduler file; None while it is empty or, before the ``final`` look, written halfway."""
    if not text.strip():
        return None
    try:
        content = json.loads(text)
    except ValueError as error:
        if not final:
            return None
        raise ConfigError(f"--scheduler-file {path}: is not a Dask scheduler file (not JSON: {error})") from error
    address = content.get("address") if isinstance(content, dict) else None
    if not isinstance(address, str) or not address:
        raise ConfigError(f'--scheduler-file {path}: is not a Dask scheduler file (it has no "address")')
    return address


def connect_to(config: RunConfig, signals: Signals, say: Callable[[str], None]) -> Client:
    """A client of the user's scheduler.

    Raises
    ------
    ConfigError
        The address or the scheduler file cannot be used.
    MachineError
        No scheduler answers.
    Interrupted
    """
    address = scheduler_address(config, signals, say)
    source = f", the address in {config.scheduler_file}" if config.scheduler_file else ""

    async def attempt() -> None:
        """Only the connection: a client that could not connect would take 20 s to close."""
        comm = await connect(address, timeout=CONNECT_SECONDS, **Security().get_connection_args("client"))
        await comm.close()

    try:
        signals.wait_for(lambda: asyncio.run(attempt()), CONNECT_SECONDS + 2)
        return signals.wait_for(lambda: Client(address, set_as_default=False), CONNECT_SECONDS)
    except (OSError, TimeoutError) as error:
        raise MachineError(
            f"no Dask scheduler answers at {address}{source}; start one, or correct the "
            f"{'file' if config.scheduler_file else 'address'}"
        ) from error
    except (ValueError, TypeError, ImportError, RuntimeError) as error:  # an unknown or unconfigured protocol
        raise ConfigError(f"{address}{source}: cannot be used as the address of a scheduler ({error})") from error


def check_cluster(client: Client, config: RunConfig, signals: Signals, say: Callable[[str], None]) -> None:
    """Refuse a cluster whose workers would not do the work, or would do it differently.

    Raises
    ------
    ConfigError
        No worker offers one of the resources.
    MachineError
        There are no workers, they do not answer, or they cannot use the run's folders.
    VersionMismatch
        A worker has another version of posepipe or distributed.
    Interrupted
    """
    _wait_for_workers(client, signals, say)
    _check_versions(client, signals)
    _check_places(client, config, signals)


def _wait_for_workers(client: Client, signals: Signals, say: Callable[[str], None]) -> None:
    """Wait until the workers offer every resource."""
    until = monotonic() + WORKERS_SECONDS
    announced = False
    while True:
        workers = _workers(client, signals)
        missing = [name for name in RESOURCES if not any(worker["resources"].get(name) for worker in workers)]
        if not missing:
            return
        if monotonic() > until:
            advice = "start workers with --resources 'infer=1 publish=1' (docs/clusters.md)"
            if not workers:
                raise MachineError(f"the cluster has no workers after {WORKERS_SECONDS:g} s; {advice}")
            raise ConfigError(f"no worker of the cluster offers the resource {missing[0]!r}; {advice}")
        if not announced:
            say(f"waiting for a worker that offers the resource {missing[0]!r}, at most {WORKERS_SECONDS:g} s")
            announced = True
        signals.sleep(POLL_SECONDS)


def _workers(client: Client, signals: Signals) -> list[dict[str, Any]]:
    """What the scheduler says of each worker."""
    try:
        found = signals.wait_for(lambda: client.scheduler_info(n_workers=-1), ANSWER_SECONDS)
    except TimeoutError as error:
        raise MachineError(f"the Dask scheduler does not answer within {ANSWER_SECONDS:g} s") from error
    return list(found["workers"].values())


def _check_versions(client: Client, signals: Signals) -> None:
    """Refuse workers with another version of posepipe or of distributed."""
    try:
        found: dict[str, dict[str, str]] = signals.wait_for(lambda: client.run(versions), ANSWER_SECONDS)
    except Interrupted:
        raise
    except TimeoutError as error:
        raise MachineError(f"the cluster's workers do not answer within {ANSWER_SECONDS:g} s") from error
    except Exception as error:  # whatever importing raises on the worker
        raise VersionMismatch(f"the cluster's workers cannot import posepipe {__version__}: {error}") from error
    for address, theirs in found.items():
        for name, mine in versions().items():
            if theirs[name] != mine:
                raise VersionMismatch(
                    f"worker {address} has {name} {theirs[name]}, this process {mine}; install both sides alike "
                    "(docs/clusters.md)"
                )


def _check_places(client: Client, config: RunConfig, signals: Signals) -> None:
    """Refuse a cluster with a worker that has other folders under the run's paths, or cannot write there."""
    places = [config.final_dir, config.temp_dir, config.manifest, config.log_dir]
    name = f"{atomic.OWN}probe-{uuid.uuid4().hex}"
    folders = [open_folder(place) for place in places]

    def ask() -> dict[str, str]:
        answers: dict[str, str] = client.run(what_is_out_of_reach, places, name)
        return answers

    try:
        for folder in folders:
            folder.write(name, b"")
        wrong = {address: told for address, told in signals.wait_for(ask, ANSWER_SECONDS).items() if told}
    except TimeoutError as error:
        raise MachineError(
            f"not every worker could look at the run's folders within {ANSWER_SECONDS:g} s; "
            "is their file system mounted everywhere?"
        ) from error
    except OSError as error:
        raise MachineError(f"{error.filename}: {error.strerror}") from error
    finally:
        for folder in folders:
            with contextlib.suppress(Exception):  # it may be missing, and the first error is reported
                folder.delete(name)
    for address, told in wrong.items():
        raise MachineError(
            f"worker {address} cannot use {told}; every worker needs the run's folders under the same path "
            f"({len(wrong)} of the cluster's workers; docs/clusters.md)"
        )
