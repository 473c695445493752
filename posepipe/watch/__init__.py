"""Looking in on a run from another terminal; ``__main__.py`` is the command."""
