"""How fast this program is, as ratios to simpler programs measured in the same run on the same machine."""
