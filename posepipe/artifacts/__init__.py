"""The files of a pose: encode, decode, check, adopt, read back."""
