"""Preload for Dask workers: ``dask worker --preload posepipe.cluster``."""

from posepipe.workers.plugin import dask_setup as dask_setup
