"""Characters, sentences and words. The only part of the package that knows tokens."""
