"""Participation against performance: a table of units and periods read, judged with its uncertainty, and drawn."""
