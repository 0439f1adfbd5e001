"""What the verbs print on."""

from typing import NoReturn

from rich.console import Console


class Screen(Console):
    """A console that leaves the end of its reader to `main`: rich would exit with a code of 1."""

    def __init__(self, *, quiet: bool = False, stderr: bool = False):
        super().__init__(highlight=False, quiet=quiet, stderr=stderr)

    def on_broken_pipe(self) -> NoReturn:
        """Whoever read us has had enough."""
        raise BrokenPipeError
