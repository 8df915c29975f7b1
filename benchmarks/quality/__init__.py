"""The same questions on the same files, for this program and for others, in one run."""
