"""A person at the bench: is told what to do, and reads instruments."""

import re
from typing import Protocol, TextIO

_NUMBER = re.compile(r"\s*([-+]?\d+(?:[.,]\d+)?)\s*\w*\s*")


class Person(Protocol):
    """Somebody who can be asked."""

    def do(self, what: str) -> None:
        """Ask for something; returns when it is done."""
        ...

    def reads(self, what: str) -> float:
        """Ask for a reading of an instrument."""
        ...


class AtTerminal:
    """Somebody at a terminal.

    Args:
        screen: where questions are shown.
        keyboard: where answers come from.
    """

    def __init__(self, screen: TextIO, keyboard: TextIO):
        self._screen = screen
        self._keyboard = keyboard

    def do(self, what: str) -> None:
        """See Person."""
        self._ask(f"{what}, then press Enter")

    def reads(self, what: str) -> float:
        """See Person. Asks again until it is a number. Raises EOFError."""
        while True:
            answer = self._ask(f"{what}?")
            if found := _NUMBER.fullmatch(answer):
                return float(found[1].replace(",", "."))
            self._ask(f"{answer.strip()[:20]!r} is no number: Enter, and again")

    def _ask(self, text: str) -> str:
        print(f"\r\n>>> {text}: ", end="", file=self._screen, flush=True)
        answer = self._keyboard.readline()
        if not answer:
            raise EOFError("the terminal is gone")
        return answer
