"""The command line: `python -m rag …`."""
