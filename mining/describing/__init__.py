"""Clusters to themes that can be read: names, key words, statements, kinds of talk, how each group speaks of them."""
