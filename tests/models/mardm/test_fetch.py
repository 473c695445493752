"""``posepipe models fetch`` against a loopback hub that has the layout of the official weights at tiny size."""

from __future__ import annotations

import contextlib
import fcntl
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from checkpoint_files import RunsCode, make_clip
from fake_hub import COMMIT, Hub, serve
from official_hub import CHECKSUMS, RAW, STATISTICS, T2M, fetch, official_hub, zipped
from safetensors.torch import load_file

from posepipe import models
from posepipe.errors import CheckpointError, LockedError, MachineError
from posepipe.models.__main__ import main
from posepipe.models.mardm import download, files, hub_files
from posepipe.models.mardm import fetch as fetching
from posepipe.models.mardm.hub import HubFile

SIT = hub_files.ARCHIVES["sit"]


class Told:
    """A reporter that keeps lines and byte counts."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.steps: dict[str, list[int]] = {}

    def say(self, line: str) -> None:
        self.lines.append(line)

    @contextlib.contextmanager
    def bytes_of(self, what: str, total: int | None) -> Iterator[Callable[[int], None]]:
        self.steps[what] = [total or -1]
        yield self.steps[what].append


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_clip(tmp_path_factory.mktemp("hub") / "clip")


@pytest.fixture
def hub(clip: Path) -> Iterator[Hub]:
    with serve(official_hub(clip)) as running:
        yield running


@pytest.fixture
def folder(hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to fetch into from this process, without waits between attempts and without a cache."""
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "ENDPOINT", hub.address)
    monkeypatch.setattr(
        constants, "HUGGINGFACE_CO_URL_TEMPLATE", hub.address + "/{repo_id}/resolve/{revision}/{filename}"
    )
    monkeypatch.setattr(hub_files, "STATISTICS_SHA256", CHECKSUMS)
    monkeypatch.setattr(hub_files, "STATISTICS_URL", hub.address + RAW)
    monkeypatch.setattr(download, "WAITS", (0.0, 0.0, 0.0))
    monkeypatch.setattr(files, "_cached_clip", lambda: None)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    return tmp_path / "checkpoints"


def listed(folder: Path) -> list[str]:
    """All files of a folder, hidden ones too."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


FETCHED = [
    "clip-vit-base-patch32/config.json",
    "clip-vit-base-patch32/merges.txt",
    "clip-vit-base-patch32/model.safetensors",
    "clip-vit-base-patch32/vocab.json",
    "fetched.json",
    "t2m/AE/model/latest.safetensors",
    "t2m/MARDM_SiT_XL/model/latest.safetensors",
    "t2m/eval_mean.npy",
    "t2m/eval_std.npy",
    "t2m/length_estimator/model/finest.safetensors",
]


def test_one_command_then_run_and_check_with_nothing_done_by_hand(hub: Hub, tmp_path: Path) -> None:
    folder = tmp_path / "checkpoints"
    done = fetch(hub.address, folder)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1].startswith(
        "complete: mardm-sit-xl; `posepipe run CAPTIONS --model mardm-sit-xl"
    )
    assert "of free space needed" in done.stdout
    assert listed(folder) == FETCHED
    commits = {path.split("/")[4] for _, path, _ in hub.requests if "/resolve/" in path}
    assert commits == set(hub.revisions.values()) - {None} - {hub_files.ARCHIVES["ddpm"].revision}
    (tmp_path / "captions.txt").write_text("A person sitting\nA person kneeling\nA person waving\n")
    run = [sys.executable, "-m", "posepipe", "run", "captions.txt", "--model", "mardm-sit-xl", "--solver-steps", "2"]
    made = subprocess.run(run, cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False)
    assert made.returncode == 0, made.stderr
    assert np.load(tmp_path / "SinglePose" / "sitting.npy").shape == (22, 3)
    check = [sys.executable, "-m", "posepipe", "models", "check", str(folder)]
    checked = subprocess.run(check, capture_output=True, text=True, timeout=300, check=False)
    assert checked.returncode == 0, checked.stdout
    assert "complete: mardm-sit-xl" in checked.stdout
    hub.requests.clear()
    again = fetch(hub.address, folder)
    assert again.returncode == 0, again.stderr
    assert hub.requests == []


def test_the_averaged_weights_are_kept_as_float32(folder: Path) -> None:
    told = Told()
    assert fetching.fetch("sit", folder, told) == []
    kept = load_file(folder / "t2m/MARDM_SiT_XL/model/latest.safetensors")
    original = torch.load(T2M / "MARDM_SiT_XL/model/latest.tar", weights_only=True)
    assert kept.keys() == original["ema_mardm"].keys()
    for name, tensor in kept.items():
        assert tensor.dtype == torch.float32
        assert torch.equal(tensor, original["ema_mardm"][name])
    assert not torch.equal(kept["DiffMLPs.net.input_proj.weight"], original["mardm"]["DiffMLPs.net.input_proj.weight"])
    readable = {path.stat().st_mode & 0o777 for path in folder.rglob("*.safetensors")}
    assert readable == {(folder / "fetched.json").stat().st_mode & 0o777}
    model = models.load("mardm-sit-xl", "cpu", checkpoints=folder, solver_steps=2)
    assert model.fingerprint == models.fingerprint("mardm-sit-xl", folder)
    assert model.estimate_lengths(["a person sits"], [1]).shape == (1,)  # type: ignore[attr-defined]


def test_progress_counts_bytes_up_to_the_whole(hub: Hub, folder: Path) -> None:
    told = Told()
    fetching.fetch("sit", folder, told)
    size = len(hub.repositories[SIT.repository][SIT.name])
    total, *counts = told.steps[f"{SIT.repository}: {SIT.name}"]
    assert (total, counts[0], counts[-1]) == (size, 0, size)
    total, *counts = told.steps[f"unpacking {SIT.name}"]
    assert counts[-1] == total
    assert counts == sorted(counts)


def test_a_revision_that_is_not_known_is_resolved_once_and_recorded(hub: Hub, folder: Path) -> None:
    repository = hub_files.ARCHIVES["ddpm"].repository
    hub.cut["MARDM_DDPM_XL.zip"] = 1000
    hub.fail_once["MARDM_DDPM_XL.zip"] = 501
    told = Told()
    with pytest.raises(MachineError, match="HTTP 501"):
        fetching.fetch("ddpm", folder, told)
    assert [line for line in told.lines if f"no revision of {repository} is pinned: taking {COMMIT}" in line]
    hub.requests.clear()
    again = Told()
    assert fetching.fetch("ddpm", folder, again) == []
    assert not [line for line in again.lines if "no revision" in line]
    assert not [path for _, path, _ in hub.requests if "/resolve/main/" in path]
    recorded = json.loads((folder / "fetched.json").read_text())["ddpm"]
    content = hub.repositories[repository]["MARDM_DDPM_XL.zip"]
    assert (recorded["revision"], recorded["bytes"], recorded["archive"]) == (COMMIT, len(content), "MARDM_DDPM_XL.zip")


def test_a_download_that_is_cut_again_and_again_continues(hub: Hub, folder: Path) -> None:
    size = len(hub.repositories[SIT.repository][SIT.name])
    hub.cut[SIT.name] = size // 4
    fetching.fetch("sit", folder, Told())
    starts = [
        0 if asked is None else int(asked.removeprefix("bytes=").rstrip("-")) for asked in hub.downloads(SIT.name)
    ]
    assert starts[:4] == [0, size // 4, size // 4 * 2, size // 4 * 3]
    assert models.load("mardm-sit-xl", "cpu", checkpoints=folder)


def test_a_fetch_that_was_killed_continues_where_it_stopped(
    hub: Hub, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    size = len(hub.repositories[SIT.repository][SIT.name])
    hub.cut[SIT.name] = size // 2

    def killed(seconds: float) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(download.time, "sleep", killed)
        with pytest.raises(KeyboardInterrupt):
            fetching.fetch("sit", folder, Told())
    assert (folder / ".fetch" / f"{SIT.name}.{str(SIT.revision)[:12]}.part").stat().st_size == size // 2
    hub.cut.clear()
    hub.requests.clear()
    told = Told()
    fetching.fetch("sit", folder, told)
    assert hub.downloads(SIT.name) == [f"bytes={size // 2}-"]
    assert told.steps[f"{SIT.repository}: {SIT.name}"][1] == size // 2
    assert listed(folder) == FETCHED


@pytest.mark.parametrize("stage", ["extract", "_convert"])
def test_a_stop_between_the_stages_downloads_nothing_again(
    hub: Hub, folder: Path, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    real = getattr(fetching, stage)

    def stopped(*arguments: object) -> None:
        if any("MARDM_SiT_XL" in str(argument) for argument in arguments):
            raise KeyboardInterrupt
        real(*arguments)

    with monkeypatch.context() as patched:
        patched.setattr(fetching, stage, stopped)
        with pytest.raises(KeyboardInterrupt):
            fetching.fetch("sit", folder, Told())
    hub.requests.clear()
    fetching.fetch("sit", folder, Told())
    assert hub.downloads(SIT.name) == []
    assert listed(folder) == FETCHED


def test_a_server_that_is_busy_is_asked_again(hub: Hub, folder: Path) -> None:
    hub.fail_once |= {SIT.name: 503, "eval_mean.npy": 429}
    assert fetching.fetch("sit", folder, Told()) == []


def test_archives_are_kept_on_request(folder: Path) -> None:
    fetching.fetch("sit", folder, Told(), keep_archives=True)
    kept = {"AE_humanml3d.zip", "length_estimator.zip", SIT.name, SIT.path}
    kept |= {"t2m/AE/model/latest.tar", "t2m/length_estimator/model/finest.tar"}
    assert set(listed(folder)) == {*FETCHED, *kept}
    found = files.find(folder, "sit")
    assert found.mardm.suffix == found.autoencoder.suffix == ".safetensors"


@pytest.mark.parametrize(
    ("name", "message"),
    [(SIT.name, "SHA-256"), ("eval_std.npy", "eval_std.npy has SHA-256"), ("AE_humanml3d.zip", "SHA-256")],
)
def test_a_wrong_checksum_is_refused_and_the_file_deleted(hub: Hub, folder: Path, name: str, message: str) -> None:
    contents = [hub.raw.get(f"{RAW}/{name}"), *(files.get(name) for files in hub.repositories.values())]
    sound = next(content for content in contents if content is not None)
    hub.tampered[name] = sound[:-1] + bytes([sound[-1] ^ 1])
    with pytest.raises(CheckpointError, match=message):
        fetching.fetch("sit", folder, Told())
    assert not [path for path in listed(folder) if name in path]
    hub.tampered.clear()
    assert fetching.fetch("sit", folder, Told()) == []


def test_a_file_of_another_length_is_refused(hub: Hub, folder: Path) -> None:
    hub.tampered[SIT.name] = b"PK" * 1_000_000
    with pytest.raises(CheckpointError, match="bytes instead of"):
        fetching.fetch("sit", folder, Told())
    assert not [path for path in listed(folder) if SIT.name in path]


def test_too_little_space_is_said_before_anything_is_downloaded(
    hub: Hub, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(fetching.shutil, "disk_usage", lambda path: SimpleNamespace(free=100_000))
    assert main(["fetch", "mardm-sit-xl", "--checkpoints", str(folder)]) == 3
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "GB of free space needed, under 0.1 GB free. Make room" in error
    assert not [path for method, path, _ in hub.requests if method == "GET"]


def test_the_space_needed_is_that_of_archive_and_unpacked_file(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the lengths of the official archives."""
    lengths = {SIT.name: 4_343_430_480, "AE_humanml3d.zip": 196_808_579, "length_estimator.zip": 1_619_112}

    def located(repository: str, name: str, revision: str | None) -> HubFile:
        return HubFile(repository, name, str(revision), "", lengths.get(name, 1000), None, None)

    monkeypatch.setattr(fetching, "locate", located)
    monkeypatch.setattr(
        fetching, "locate_first", lambda repository, names, revision: located(repository, "w", revision)
    )
    monkeypatch.setattr(fetching.shutil, "disk_usage", lambda path: SimpleNamespace(free=60e9))
    lines = []
    for keep in (False, True):
        told = Told()
        job = fetching._Fetch(folder, tmp_path, files.survey(tmp_path), told, keep)
        job.plan("sit", "")
        job.check_space("mardm-sit-xl")
        lines += told.lines
    assert lines == [
        "mardm-sit-xl: 4.5 GB to download; 9.2 GB of free space needed, 60.0 GB free",
        "mardm-sit-xl: 4.5 GB to download; 11.8 GB of free space needed, 60.0 GB free",
    ]


def test_a_disk_that_fills_up_is_said_and_the_next_fetch_continues(hub: Hub, folder: Path, tmp_path: Path) -> None:
    size = len(hub.repositories[SIT.repository][SIT.name])
    limit = size // 2
    code = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))\n"
        "from posepipe.models.mardm.download import download; from pathlib import Path\n"
        "from posepipe.errors import MachineError\n"
        "try: download(sys.argv[1], Path(sys.argv[2]), partial=Path(sys.argv[3]))\n"
        "except MachineError as error: print(error); sys.exit(3)\n"
    )
    url = f"{hub.address}/{SIT.repository}/cdn/{SIT.name}"
    target, partial = tmp_path / SIT.name, tmp_path / "part"
    done = subprocess.run(
        [sys.executable, "-c", code, url, str(target), str(partial)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 3, done.stderr
    assert f"{partial} cannot be written: File too large; run it again to continue" in done.stdout
    assert not target.exists()
    assert 0 < partial.stat().st_size <= limit
    download.download(url, target, partial=partial)
    assert target.read_bytes() == hub.repositories[SIT.repository][SIT.name]


HOSTILE = {
    "a path with ..": ([("../../outside/latest.tar", b"x")], "holds no files"),
    "an absolute path": ([("/outside/latest.tar", b"x")], "holds no files"),
    "a drive": ([("C:\\outside\\latest.tar", b"x"), ("C:/outside/latest.tar", b"x")], "holds no files"),
    "no weights": ([("MARDM_SiT_XL/opt.txt", b"x")], "it holds MARDM_SiT_XL/opt.txt"),
    "two of them": ([(SIT.member, b"x"), (SIT.member, b"y")], "holds 2 files"),
    "two elsewhere": ([("a/latest.tar", b"x"), ("b/latest.tar", b"y")], "holds 2 files"),
    "no tensors": ([(SIT.member, b"<html>")], "not a complete weight file"),
}


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_archives_write_nothing_outside(hub: Hub, folder: Path, tmp_path: Path, case: str) -> None:
    members, message = HOSTILE[case]
    hub.repositories[SIT.repository][SIT.name] = zipped(members)
    before = set(tmp_path.parent.rglob("*"))
    with pytest.raises(CheckpointError, match=message):
        fetching.fetch("sit", folder, Told())
    written = {path for path in tmp_path.parent.rglob("*") if path not in before}
    assert all(path.is_relative_to(folder) for path in written)
    assert not list(folder.rglob("outside"))
    assert not [path for path in folder.rglob("*.safetensors") if "SiT" in str(path)]


def test_a_link_in_an_archive_is_refused(hub: Hub, folder: Path, tmp_path: Path) -> None:
    import zipfile

    entry = zipfile.ZipInfo(SIT.member)
    entry.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "link.zip", "w") as content:
        content.writestr(entry, "../../outside")
    hub.repositories[SIT.repository][SIT.name] = (tmp_path / "link.zip").read_bytes()
    with pytest.raises(CheckpointError, match="is a link or leads out"):
        fetching.fetch("sit", folder, Told())


def test_a_damaged_archive_is_said(hub: Hub, folder: Path) -> None:
    content = bytearray(hub.repositories[SIT.repository][SIT.name])
    content[len(content) // 2] ^= 0xFF
    hub.repositories[SIT.repository][SIT.name] = bytes(content)
    with pytest.raises(CheckpointError, match="is damaged"):
        fetching.fetch("sit", folder, Told())
    hub.repositories[SIT.repository][SIT.name] = b"<html>not a zip</html>"
    shutil.rmtree(folder / ".fetch")
    with pytest.raises(CheckpointError, match="not a complete zip archive"):
        fetching.fetch("sit", folder, Told())


def test_a_member_in_another_folder_is_taken_and_said(hub: Hub, folder: Path) -> None:
    tar = (T2M / "MARDM_SiT_XL/model/latest.tar").read_bytes()
    hub.repositories[SIT.repository][SIT.name] = zipped([("sit/latest.tar", tar), ("../evil/latest.tar", b"x")])
    told = Told()
    fetching.fetch("sit", folder, told)
    assert f"{SIT.name} has no {SIT.member}: taking sit/latest.tar" in told.lines
    assert listed(folder) == FETCHED


def test_weights_with_code_are_left_for_the_user_to_decide(hub: Hub, folder: Path, tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    content = torch.load(T2M / "MARDM_SiT_XL/model/latest.tar", weights_only=True)
    torch.save({**content, "extra": RunsCode(mark)}, tmp_path / "code.tar")
    hub.repositories[SIT.repository][SIT.name] = zipped([(SIT.member, (tmp_path / "code.tar").read_bytes())])
    official = folder / SIT.path
    with pytest.raises(CheckpointError, match=rf"{official} holds Python objects.*check {official.parent} --trust"):
        fetching.fetch("sit", folder, Told())
    assert not mark.exists()
    assert main(["check", "--trust", str(folder)]) == 0
    assert mark.exists()
    assert official.exists()


def test_values_that_are_not_finite_are_refused(hub: Hub, folder: Path, tmp_path: Path) -> None:
    content = torch.load(T2M / "MARDM_SiT_XL/model/latest.tar", weights_only=True)
    content["ema_mardm"]["cond_emb.bias"].fill_(torch.inf)
    torch.save(content, tmp_path / "bad.tar")
    hub.repositories[SIT.repository][SIT.name] = zipped([(SIT.member, (tmp_path / "bad.tar").read_bytes())])
    with pytest.raises(CheckpointError, match=r"not finite, such as cond_emb\.bias"):
        fetching.fetch("sit", folder, Told())


def test_files_of_the_users_are_used_and_left_alone(hub: Hub, folder: Path) -> None:
    shutil.copytree(T2M / "AE", folder / "t2m" / "AE")
    by_hand = folder / "t2m" / SIT.name
    by_hand.parent.mkdir(parents=True, exist_ok=True)
    by_hand.write_bytes(hub.repositories[SIT.repository][SIT.name])
    (folder / "Mean.npy").write_bytes(STATISTICS["eval_mean.npy"])
    (folder / "Std.npy").write_bytes(STATISTICS["eval_std.npy"])
    told = Told()
    assert fetching.fetch("sit", folder, told) == []
    assert hub.downloads(SIT.name) == hub.downloads("AE_humanml3d.zip") == hub.downloads("eval_mean.npy") == []
    assert by_hand.read_bytes() == hub.repositories[SIT.repository][SIT.name]
    assert (folder / "t2m/AE/model/latest.tar").read_bytes() == (T2M / "AE/model/latest.tar").read_bytes()
    assert files.find(folder, "sit").autoencoder == folder / "t2m/AE/model/latest.safetensors"
    assert [line for line in told.lines if "no longer needed" in line]


@pytest.mark.parametrize("with_tar", [False, True])
def test_a_damaged_file_is_said_before_anything_is_downloaded(hub: Hub, folder: Path, with_tar: bool) -> None:
    target = folder / "t2m/MARDM_SiT_XL/model/latest.safetensors"
    target.parent.mkdir(parents=True)
    target.write_bytes(b"damaged")
    if with_tar:
        shutil.copy(T2M / "MARDM_SiT_XL/model/latest.tar", target.parent)
    with pytest.raises(CheckpointError, match=f"{target} is damaged"):
        fetching.fetch("sit", folder, Told())
    assert target.read_bytes() == b"damaged"
    assert not [path for method, path, _ in hub.requests if method == "GET"]


def test_the_folder_t2m_may_be_named(folder: Path) -> None:
    t2m = folder / "t2m"
    assert fetching.fetch("sit", t2m, Told()) == []
    assert (t2m / "MARDM_SiT_XL/model/latest.safetensors").exists()
    assert models.fingerprint("mardm-sit-xl", t2m)


def test_clip_weights_in_torchs_format(hub: Hub, folder: Path, tmp_path: Path) -> None:
    repository = hub.repositories[hub_files.CLIP_REPOSITORY]
    (tmp_path / "w.safetensors").write_bytes(bytes(repository.pop("model.safetensors")))  # type: ignore[arg-type]
    tensors = load_file(tmp_path / "w.safetensors")
    torch.save({**tensors, "vision_model.embeddings.weight": torch.zeros(3)}, tmp_path / "w.bin")
    repository["pytorch_model.bin"] = (tmp_path / "w.bin").read_bytes()
    assert fetching.fetch("sit", folder, Told()) == []
    assert listed(folder) == FETCHED
    assert models.load("mardm-sit-xl", "cpu", checkpoints=folder)


def test_repositories_that_cannot_be_had(hub: Hub, tmp_path: Path) -> None:
    hub.refuse["cr8br0ze/AE_humanml3d"] = 403
    del hub.repositories["cr8br0ze/MARDM_DDPM_XL"]
    hub.revisions["cr8br0ze/length_estimator"] = "f" * 40
    del hub.repositories[hub_files.CLIP_REPOSITORY]["vocab.json"]
    done = fetch(hub.address, tmp_path / "checkpoints", name="mardm-ddpm-xl")
    assert done.returncode == 1
    for line in (
        "has no repository cr8br0ze/MARDM_DDPM_XL",
        "accept the terms of cr8br0ze/AE_humanml3d",
        "no longer has the pinned revision of cr8br0ze/length_estimator",
        f"has no file vocab.json in {hub_files.CLIP_REPOSITORY}",
        "mardm-ddpm-xl is not complete",
    ):
        assert line in done.stderr
    assert "statistics ->" in done.stdout  # the rest is fetched all the same
    assert "Traceback" not in done.stderr


def test_a_hub_that_fails_or_is_not_there(hub: Hub, tmp_path: Path) -> None:
    hub.refuse["cr8br0ze/MARDM_SiT_XL"] = 501
    failed = fetch(hub.address, tmp_path / "checkpoints")
    assert "refused cr8br0ze/MARDM_SiT_XL" in failed.stderr
    gone = fetch("http://127.0.0.1:9", tmp_path / "checkpoints")
    assert "cannot be reached" in gone.stderr
    for done in (failed, gone):
        assert done.returncode == 3
        assert "Traceback" not in done.stderr
        assert len(done.stderr.strip().splitlines()) == 1


def test_two_fetches_into_one_folder(folder: Path) -> None:
    (folder / ".fetch").mkdir(parents=True)
    with (folder / ".fetch" / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(LockedError, match="another process fetches into"):
            fetching.fetch("sit", folder, Told())


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(MachineError, match="cannot be made"):
        fetching.fetch("sit", tmp_path / "file" / "checkpoints", Told())
