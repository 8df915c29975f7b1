"""How well copied passages are found, by length, in archives into which copies with edits were planted; and how fast."""
