"""What every part of the virtual chip has in common."""

from collections.abc import Callable, Mapping
from enum import IntEnum
from typing import Any

from vigie.virtual.bus import Op, Question
from vigie.virtual.vm import Vm

Calls = Mapping[str, Callable[..., Any]]
Orders = Mapping[Op, Callable[[Question], Any]]


class Ending(IntEnum):
    """How a program ended: each takes away what the one before it does, and more."""

    SOFT = 0
    """A soft reset: the chip runs on, and its clock and outputs with it."""
    RESET = 1
    """The processor was reset."""
    POWER_LOST = 2
    """The power is gone."""


class Part:
    """A peripheral: what it answers, and what the beginning and end of a program do to it."""

    def orders(self) -> Orders:
        """The orders it carries out: integers and bytes in, an integer out."""
        return {}

    def calls(self) -> Calls:
        """The calls it carries out, by name: plain values in and out."""
        return {}

    def started(self, vm: Vm) -> None:
        """A program starts to run."""

    def stopped(self, ending: Ending) -> None:
        """The program has ended."""
