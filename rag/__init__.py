"""言据 (Yanju): cited answers from an archive of speeches."""

__version__ = "0.1.0"
