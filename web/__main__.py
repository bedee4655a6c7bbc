"""`python -m web` is the `harvest` command; `serve` starts its worker this way, with the same Python."""

from web.cli import main

main()
