"""What a board says on its serial console, line by line, each with its time."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the console and when it was complete, on the loop's clock."""

    t_s: float
    text: str


class ConsoleLog:
    """Makes lines of bytes, keeps them, and lets others wait for one.

    `said_line` is told each line when it is complete.

    Args:
        now: the time, on the clock of the loop that waits; seconds.
    """

    def __init__(self, now: Callable[[], float]):
        self._now = now
        self._part = bytearray()
        self._waiters: list[tuple[re.Pattern[str], asyncio.Future[Line]]] = []
        self.lines: list[Line] = []
        self.said_line: list[Callable[[Line], None]] = []

    @property
    def text(self) -> str:
        """All that was said so far."""
        lines = [line.text for line in self.lines]
        return "\n".join([*lines, self._part.decode(errors="replace")])

    def add(self, data: bytes) -> None:
        """The board said this, now."""
        self._part += data
        while (end := self._part.find(b"\n")) >= 0:
            text = self._part[:end].decode(errors="replace").rstrip("\r")
            del self._part[: end + 1]
            self._said(Line(self._now(), text))

    async def said(self, pattern: str, *, within_s: float = 60.0, since: int = 0) -> Line:
        """The first line from `lines[since]` on that matches, waiting for it if need be.

        Raises TimeoutError with what was said instead.
        """
        wanted = re.compile(pattern)
        for line in self.lines[since:]:
            if wanted.search(line.text):
                return line
        future: asyncio.Future[Line] = asyncio.get_running_loop().create_future()
        self._waiters.append((wanted, future))
        try:
            async with asyncio.timeout(within_s):
                return await future
        except TimeoutError:
            said = "\n  ".join(line.text for line in self.lines[-12:])
            raise TimeoutError(
                f"the board did not say /{pattern}/ within {within_s} s; its last lines:\n  {said}"
            ) from None
        finally:
            self._waiters = [w for w in self._waiters if w[1] is not future]

    def _said(self, line: Line) -> None:
        self.lines.append(line)
        for said in self.said_line:
            said(line)
        for wanted, future in self._waiters:
            if wanted.search(line.text) and not future.done():
                future.set_result(line)
