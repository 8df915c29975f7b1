"""The rhetorical function of a sentence: which of twelve things it does in its speech."""
