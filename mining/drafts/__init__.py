"""From a gap to the draft of a module: evidence, lines with their passages, wording, what designers decide, files."""
