"""The models: which there are, and how they are loaded."""
