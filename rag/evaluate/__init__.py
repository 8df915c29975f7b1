"""How good search and answers are, against questions with verbatim evidence."""
