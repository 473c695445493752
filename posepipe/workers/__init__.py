"""What runs inside a Dask worker. A worker infers, publishes and reports; it never plans."""
