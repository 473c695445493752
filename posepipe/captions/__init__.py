"""Captions: read them from files, clean them, give each an id and a file name."""
