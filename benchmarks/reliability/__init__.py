"""Whether the program keeps its word when it is killed, starved, crowded or fed with rubbish."""
