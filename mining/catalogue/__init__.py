"""The catalogue of modules, and what it has for each theme: covered, partly, gap."""
