"""A file in, an archived file out."""
