"""`python -m bot` is the `folkmoot` command."""

from bot.cli import main

main()
