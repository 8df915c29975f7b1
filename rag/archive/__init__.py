"""The archive on disk: one SQLite file that is the truth, and what is derived from it."""
