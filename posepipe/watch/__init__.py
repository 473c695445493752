"""A live view of a run from another terminal; ``__main__.py`` is the command."""
