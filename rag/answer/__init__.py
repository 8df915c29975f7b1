"""Extractive answers: verbatim sentences, each with its source, or an honest refusal."""
