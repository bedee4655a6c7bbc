"""Topics that alumni propose: the brief and its evidence, support, the designers' answers, and who is told."""
