"""Hearing what a board says on its port, all of it."""

import os
import select
from collections.abc import Generator
from contextlib import contextmanager

_WITHIN_S = 20


class Console:
    """A port that is listened to. What came before it was opened, and nobody read, comes too.

    pyserial forgets that when it opens a port, and it may be what a test waits for.
    """

    def __init__(self, line: int):
        self._line = line
        self._said = b""

    def until(self, text: str) -> None:
        """Wait until it has said this, behind what was waited for before."""
        while text.encode() not in self._said:
            assert select.select([self._line], [], [], _WITHIN_S)[0], self._said
            self._said += os.read(self._line, 4096)
        self._said = self._said.partition(text.encode())[2]


@contextmanager
def listening(port: str) -> Generator[Console]:
    """Listen to a port."""
    line = os.open(port, os.O_RDWR | os.O_NOCTTY)
    try:
        yield Console(line)
    finally:
        os.close(line)
