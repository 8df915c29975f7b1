"""From the bytes of a file to speeches, passages and a list of everything that was removed."""
