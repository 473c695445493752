"""What a GPU can do to a run, injected on a CPU: the exceptions that torch raises, and ``--precision``."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from fake_model import FakeModel
from stages import State, work

from posepipe import models
from posepipe.errors import ConfigError, DeviceLost, MachineError, OutOfMemory, own_class
from posepipe.workers import devices
from posepipe.workers.contract import RunContext
from posepipe.workers.infer import infer_partition
from posepipe.workers.plugin import PosepipeWorker

OUT_OF_MEMORY = (
    torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of 79.10 GiB"),
    torch.AcceleratorError("CUDA error: out of memory\nCUDA kernel errors might be asynchronously reported"),
    RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`"),
    MemoryError("Unable to allocate 2.00 GiB for an array"),
)
LOST = (
    torch.AcceleratorError("CUDA error: an illegal memory access was encountered"),
    RuntimeError("CUDA error: unspecified launch failure"),
    RuntimeError("CUDA error: CUBLAS_STATUS_EXECUTION_FAILED when calling `cublasSgemm(...)`"),
    RuntimeError("CUDA driver error: unknown error"),
    RuntimeError("cuDNN error: CUDNN_STATUS_EXECUTION_FAILED"),
)
TEXTS = ["a", "b", "c", "d", "e", "f", "long", "g"]


class Bulk(FakeModel):
    """A model with the interface of the built-in ones; ``fails`` decides when it raises ``error``."""

    default_cfg, bone_lengths = 1.0, None

    def __init__(self, error: BaseException) -> None:
        self.error = error
        self.batches: list[tuple[int, int]] = []
        """Captions and batch size of each successful call."""

    def prepare(self, captions: Sequence[str]) -> None:
        """Nothing to compute ahead."""

    def unsure(self, captions: Sequence[str]) -> Any:
        return np.zeros(len(captions), dtype=bool)

    def estimate_lengths(self, captions: Sequence[str], seeds: Sequence[int]) -> Any:
        raise AssertionError("a length was given")

    def automatic_batch_size(self, sequence_length: int) -> int:
        return 8

    def generate_motions(self, captions: Sequence[str], seeds: Sequence[int], *, batch_size: int, **more: Any) -> Any:
        if self.fails(captions, batch_size):
            raise self.error
        self.batches.append((len(captions), batch_size))
        return self.generate(captions, seeds, **more)

    def fails(self, captions: Sequence[str], batch_size: int) -> bool:
        return batch_size > 2 or "long" in captions


@pytest.mark.parametrize("error", OUT_OF_MEMORY, ids=lambda error: type(error).__name__)
def test_out_of_memory_halves_the_batch_down_to_the_caption_that_never_fits(
    context: RunContext, error: BaseException
) -> None:
    """A smaller batch is also padded to fewer rows: else it would need as much memory as before."""
    model = Bulk(error)
    automatic = replace(context, config=replace(context.config, batch_size="auto"))
    poses = infer_partition(work(TEXTS), automatic, State(model)).set_index("caption")
    assert own_class(error) is OutOfMemory
    assert poses["error_type"].dropna().to_dict() == {"long": "OutOfMemory"}
    assert str(error).splitlines()[0] in poses.loc["long", "error"]
    assert model.batches == [(2, 2), (2, 2), (2, 2), (1, 1)]


@pytest.mark.parametrize("error", OUT_OF_MEMORY, ids=lambda error: type(error).__name__)
def test_out_of_memory_while_captions_are_prepared(context: RunContext, error: BaseException) -> None:
    class Text(Bulk):
        def prepare(self, captions: Sequence[str]) -> None:
            if len(captions) > 3:
                raise self.error

        def fails(self, captions: Sequence[str], batch_size: int) -> bool:
            return False

    poses = infer_partition(work(TEXTS), context, State(Text(error)))
    assert poses["joints"].notna().all()


@pytest.mark.parametrize("error", LOST, ids=lambda error: str(error)[:24])
@pytest.mark.parametrize("when", ["prepare", "generate_motions"])
def test_a_lost_device_ends_the_worker_and_fails_no_caption(
    context: RunContext, error: BaseException, when: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise error

    model = Bulk(error)
    monkeypatch.setattr(model, when, fail)
    assert own_class(error) is DeviceLost
    with pytest.raises(SystemExit) as ended:  # State.give_up raises where a worker would end its process
        infer_partition(work(TEXTS), context, State(model))
    assert str(ended.value) == str(error)


@pytest.mark.parametrize("text", ["mat1 and mat2 shapes cannot be multiplied", "expected scalar type Float"])
def test_an_error_of_the_model_is_none_of_the_device(context: RunContext, text: str) -> None:
    assert own_class(RuntimeError(text)) is None

    class Picky(Bulk):
        def fails(self, captions: Sequence[str], batch_size: int) -> bool:
            return "long" in captions

    poses = infer_partition(work(TEXTS), context, State(Picky(RuntimeError(text)))).set_index("caption")
    assert poses["error_type"].dropna().to_dict() == {"long": "RuntimeError"}


def plugin(context: RunContext, device: str) -> PosepipeWorker:
    """A plugin as after ``setup``, without a Dask worker."""
    made = PosepipeWorker(context)
    made.__dict__ |= {
        "name_of_worker": device,
        "device": device,
        "_model": None,
        "_model_lock": threading.Lock(),
        "note": lambda event: None,
    }
    return made


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (AssertionError("Torch not compiled with CUDA enabled"), r"cuda:1: .*install torch with CUDA .*--gpus none"),
        (torch.OutOfMemoryError("CUDA out of memory. Tried"), r"cuda:1: CUDA out of memory.*nvidia-smi"),
        (RuntimeError("No CUDA GPUs are available"), "cuda:1: No CUDA GPUs are available"),
        (torch.AcceleratorError("CUDA error: device busy\nmore lines"), r"cuda:1: CUDA error: device busy$"),
    ],
)
def test_a_device_that_takes_no_model_stops_the_run_in_one_line(
    context: RunContext, monkeypatch: pytest.MonkeyPatch, error: BaseException, message: str
) -> None:
    def load(*_: Any, **__: Any) -> None:
        raise error

    monkeypatch.setattr(models, "load", load)
    with pytest.raises(MachineError, match=message):
        plugin(context, "cuda:1").model()


def test_other_errors_of_loading_keep_their_class(context: RunContext, monkeypatch: pytest.MonkeyPatch) -> None:
    def load(*_: Any, **__: Any) -> None:
        raise RuntimeError("size mismatch for conv.weight")

    monkeypatch.setattr(models, "load", load)
    with pytest.raises(RuntimeError, match="size mismatch"):
        plugin(context, "cpu").model()


# --precision


@pytest.mark.parametrize("precision", ["tf32", "bf16"])
@pytest.mark.parametrize(("capability", "allowed"), [((7, 5), False), ((8, 0), True), ((9, 0), True), ((12, 0), True)])
def test_a_precision_that_the_gpu_lacks_is_refused(
    monkeypatch: pytest.MonkeyPatch, precision: str, capability: tuple[int, int], allowed: bool
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda _: capability)
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda _: "Tesla T4")
    devices.check_precision("float32", "cuda:0", "cuda:1")
    devices.check_precision(precision, "cpu", "cpu")
    if allowed:
        devices.check_precision(precision, "cuda:0", "cuda:1")
    else:
        with pytest.raises(ConfigError, match=f"--precision {precision}: cuda:1 .Tesla T4. .* 7.5"):
            devices.check_precision(precision, "cuda:0", "cuda:1")


def test_precision_reaches_the_model_and_moves_the_pose_a_little(
    context: RunContext, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The bundled model. On a CPU TF32 is float32 to the bit, and torch's switch is put back."""
    flags: list[bool] = []
    matmul = torch.nn.functional.linear

    def linear(*given: Any) -> Any:
        flags.append(torch.backends.cuda.matmul.allow_tf32)
        return matmul(*given)

    caplog.set_level(logging.INFO, logger="posepipe")
    found = {}
    for precision in ("float32", "tf32", "bf16"):
        settings = replace(context.config, model="small", precision=precision, gpus="none")
        model = plugin(replace(context, config=settings), "cpu").model()
        flags.clear()
        with monkeypatch.context() as patched:
            patched.setattr(torch.nn.functional, "linear", linear)
            poses = infer_partition(
                work(["A person kneeling", "A person waving"]), replace(context, config=settings), State(model)
            )
        assert set(flags) >= {precision == "tf32"}
        assert (precision == "tf32") or set(flags) == {False}
        assert not torch.backends.cuda.matmul.allow_tf32
        found[precision] = np.array([np.frombuffer(joints, dtype=np.float32) for joints in poses["joints"]])
    assert np.array_equal(found["float32"], found["tf32"])
    moved = np.abs(found["float32"] - found["bf16"]).max()
    assert 0 < moved < 0.1
