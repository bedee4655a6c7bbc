"""Text to vectors: the port, the models behind it, and the store of vectors that are known already."""
