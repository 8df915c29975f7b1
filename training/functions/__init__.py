"""How the classifier of sentence functions (`rag.functions`) is made and measured."""
