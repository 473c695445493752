"""posepipe: captions in, static 3D human poses out, in bulk.

>>> import posepipe
>>> summary = posepipe.generate(posepipe.RunConfig("captions.txt"))  # doctest: +SKIP
>>> rows = posepipe.read_manifest("manifests/SinglePose")  # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from posepipe._version import __version__

if TYPE_CHECKING:
    from posepipe.artifacts.poses import open_poses
    from posepipe.config import RunConfig
    from posepipe.manifest import read_manifest
    from posepipe.run.job import generate

__all__ = ["RunConfig", "__version__", "generate", "open_poses", "read_manifest"]

_HOME = {"RunConfig": "config", "generate": "run.job", "open_poses": "artifacts.poses", "read_manifest": "manifest"}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that ``import posepipe`` is fast."""
    if name not in _HOME:
        raise AttributeError(f"module 'posepipe' has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(f"posepipe.{_HOME[name]}"), name)
