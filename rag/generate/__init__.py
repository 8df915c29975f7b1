"""Optional generation: a model rephrases the quotations of an answer, and every sentence of it is checked."""
