"""Where a program was when it hung: it is interrupted, and says so in its traceback."""

import contextlib
import itertools

from vigie.virtual.bus import FOREVER_US, Answer, Ended, Hang, Op, Pipes
from vigie.virtual.process import Process

_WITHIN_S = 1.0
_QUESTIONS = 1000


class LastWords:
    """What the program says when it gets KeyboardInterrupt; its questions get empty answers.

    Args:
        process: the VM's.
        pipes: to and from it.
        waits: it waits for an answer, so it does not compute.
    """

    def __init__(self, process: Process, pipes: Pipes, *, waits: bool):
        self.now_us = 0
        self.watchdog_us: int | None = None
        self._heard = bytearray()
        with contextlib.suppress(Ended, Hang):
            if waits or not process.call():
                process.interrupt(pipes.asked)
            self._listen(pipes)

    def _listen(self, pipes: Pipes) -> None:
        for _ in range(_QUESTIONS):
            question = pipes.receive(_WITHIN_S)
            if self.watchdog_us is None:
                self.now_us, self.watchdog_us = question.now_us, question.watchdog_us
            self._heard += question.text
            if question.op in (Op.PRINT, Op.PRINT_RAW):
                self._heard += question.data
            elif question.op == Op.WAIT and question.until_us == FOREVER_US:
                return  # it has said all and waits for somebody to type
            now_us = max(question.now_us, question.until_us)
            answer = Answer(value=question.op == Op.SIGINT)
            pipes.send(answer.pack(now_us, lease_us=now_us))

    def __str__(self) -> str:
        text = self._heard.decode(errors="replace")
        _, found, traceback = text.rpartition("Traceback")
        if not found:
            return "it does not answer Ctrl-C: it is inside C or native code"
        frames = itertools.takewhile(lambda line: line[:1] == " ", traceback.splitlines()[1:])
        return "\n  ".join(["it was here:", *(line.strip() for line in frames)])
