"""What an archive holds: facets, themes, figures, units and summaries, all of it in the words of the speeches."""
