"""Lines of a story, printed in the order in which their things began."""

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

_COLOURS = {"hand": "yellow", "button": "cyan", "phone": "green", "wearer": "magenta"}
_INDENT = " " * 21


class Lines:
    """Prints lines at once, or later when something before them is not known yet.

    What a pattern was is known at its end, but it began before what happened meanwhile: `hold`
    keeps lines back until `release`.
    """

    def __init__(self, out: Console):
        self._out = out
        self._held_by: set[str] = set()
        self._waiting: list[tuple[float, Text]] = []
        self._broken: OSError | None = None

    def add(self, t_s: float, who: str, text: str, body: Sequence[str] = ()) -> None:
        """One line: when, who, what. The body stands below it."""
        line = Text.assemble((f"{t_s:9.3f} s  ", "dim"), (f"{who:8s}", _COLOURS[who]), text)
        for below in body:
            line.append(f"\n{_INDENT}")
            line.append(below, "italic")
        self._waiting.append((t_s, line))
        self._print()

    def hold(self, why: str) -> None:
        """Keep lines back from now on."""
        self._held_by.add(why)

    def release(self, why: str) -> None:
        """There is no reason of this name any more."""
        self._held_by.discard(why)
        self._print()

    def end(self) -> None:
        """Print what is left.

        Raises:
            OSError: the output could not be written, now or earlier. The story went on without.
        """
        self._held_by.clear()
        self._print()
        if self._broken:
            raise self._broken

    def _print(self) -> None:
        if self._held_by:
            return
        waiting, self._waiting = sorted(self._waiting, key=lambda line: line[0]), []
        for _, line in waiting:
            try:
                if not self._broken:
                    self._out.print(line, soft_wrap=True)
            except OSError as e:  # the reader is gone, or the disk is full
                self._broken = e
