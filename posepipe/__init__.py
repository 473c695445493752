"""posepipe: captions in, static 3D human poses out, in bulk."""

from posepipe._version import __version__

__all__ = ["__version__"]
