"""How the program keeps up with archives of a thousand to a million passages: made, filled and measured by one command."""
