"""What writers need: phrases, formulations, reuse, checked drafts, and the basket of collected quotations."""
