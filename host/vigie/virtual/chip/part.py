"""What every part of the virtual chip has in common."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from vigie.virtual.vm import Vm

Calls = Mapping[str, Callable[..., Any]]


class Part(Protocol):
    """A peripheral: the calls it answers, and what the beginning and end of a run do to it."""

    def calls(self) -> Calls:
        """The bus calls it carries out, by name."""
        ...

    def started(self, vm: Vm) -> None:
        """A program starts to run."""
        ...

    def stopped(self, power_lost: bool) -> None:
        """The program has ended, by a reset or because the power is gone."""
        ...
