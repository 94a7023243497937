"""`python -m syndet`: the same as the command `syndet`."""

from syndet.cli import main

main()
