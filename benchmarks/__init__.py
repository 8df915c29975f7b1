"""Measurements beside other systems: quality of search, and speed."""
