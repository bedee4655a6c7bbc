"""The viewer, and the `harvest` command that joins all parts. Holds no logic of its own."""
