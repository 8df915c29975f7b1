"""Text to vectors: the protocol, the shipped static encoder, and any sentence-transformers model."""
