"""The command ``posepipe verify``: compare an output folder with its manifest, and repair it."""
