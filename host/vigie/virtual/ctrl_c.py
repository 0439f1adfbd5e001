"""Ctrl-C in paced mode, for a program that only computes and so never asks what was typed."""

from collections.abc import Callable

from vigie.virtual.bus import Pipes
from vigie.virtual.clock import WorldLoop
from vigie.virtual.interrupts import Interrupts
from vigie.virtual.process import Process

PATIENCE_S = 0.1
"""Wall seconds that a program has to ask for what was typed, before Ctrl-C strikes it."""
_COMPUTED_S = 0.02
"""A program that used so much of them computes; another one may only wait for a processor."""


class CtrlC:
    """Takes the byte away from what was typed and interrupts the process, or else leaves both.

    So one Ctrl-C is one KeyboardInterrupt. A program that asks anything gets it from what was
    typed, at a moment when it can be raised: never in the middle of a question or of flash work.

    Args:
        questions: how often the program has asked, and whether it waits for an answer.
    """

    def __init__(
        self,
        loop: WorldLoop,
        interrupts: Interrupts,
        process: Process,
        pipes: Pipes,
        questions: Callable[[], tuple[int, bool]],
    ):
        self._loop = loop
        self._interrupts = interrupts
        self._process = process
        self._pipes = pipes
        self._questions = questions
        self._byte = 0
        self.dead = False

    def typed(self, byte: int) -> None:
        """This byte was typed, and it is Ctrl-C."""
        self._byte = byte
        count, _ = self._questions()
        self._loop.call_later(PATIENCE_S, self._look, count, self._process.cpu_s())

    def _look(self, count_before: int, cpu_before_s: float) -> None:
        if self.dead or not self._interrupts.has_typed(self._byte):
            return
        count, waits = self._questions()
        computes = self._process.cpu_s() - cpu_before_s >= _COMPUTED_S
        if computes and count == count_before and not waits:
            self._strike()
        self.typed(self._byte)

    def _strike(self) -> None:
        if not self._process.call() and self._process.interrupt(self._pipes.asked):
            self.taken()

    def taken(self) -> bool:
        """The program is struck instead of reading it; False if it has read it already."""
        return self._interrupts.cut_typed(self._byte)
