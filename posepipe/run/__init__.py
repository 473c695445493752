"""The command ``posepipe run``: read, check, plan and drive the work through Dask."""
