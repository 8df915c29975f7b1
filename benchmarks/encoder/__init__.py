"""The shipped encoder beside the architecture that it is measured against."""
