"""One run per output folder: lock, state file, and requests from other terminals."""
