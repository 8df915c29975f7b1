"""Errors of the training pipeline; the command line turns each into one line and exit status 1."""


class TrainingError(Exception):
    """Something the user can mend: a missing corpus, a setting that does not fit, a library not installed."""
