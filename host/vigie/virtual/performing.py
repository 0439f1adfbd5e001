"""Carries out what a VM asks of its chip, and puts whatever comes of it into an answer."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from vigie.virtual.bus import Answer, Error, Op, Question, plain


@dataclass(frozen=True, slots=True)
class Chip:
    """What a VM runs on.

    Args:
        order, call: carry out a question. They return a value, a Stall or an awaitable, and raise
            OSError, or NotImplementedError for what is not modelled, for the program.
        said: takes what the VM prints by itself.
        ended: told why, when the process ends by itself or hangs.
        bitten: the watchdog's time is up.
        failed: an order raised something else: a mistake of ours.
    """

    order: Callable[[Question], Any]
    call: Callable[[str, tuple[Any, ...]], Any]
    said: Callable[[bytes], None]
    ended: Callable[[Exception], None]
    bitten: Callable[[], None]
    failed: Callable[[str, BaseException], None]


@dataclass(frozen=True, slots=True)
class Stall:
    """The result of an order during which the processor is blocked for so long."""

    value: int
    us: int


class Performer:
    """Performs one question after the other."""

    def __init__(self, loop: asyncio.AbstractEventLoop, chip: Chip):
        self._loop = loop
        self._chip = chip
        self._task: asyncio.Future[Any] | None = None

    def perform(
        self, question: Question, done: Callable[[Answer], None]
    ) -> tuple[Answer, int] | None:
        """The answer, and for how many microseconds the processor is blocked before it.

        None if it must wait for something: then `done` will be told the answer.
        """
        try:
            if question.op == Op.CALL:
                result = self._chip.call(*question.call())
            else:
                result = self._chip.order(question)
        except Exception as e:
            return self._refusal(question, e), 0
        if isinstance(result, Stall):
            return Answer(value=result.value), result.us
        if not inspect.isawaitable(result):
            return _acceptance(question, result), 0
        self._task = self._loop.create_task(_awaited(result))
        self._task.add_done_callback(lambda task: self._done(question, task, done))
        return None

    def stop(self) -> None:
        """Nobody waits for the answer any more."""
        if self._task:
            self._task.cancel()

    def _done(
        self, question: Question, task: asyncio.Future[Any], done: Callable[[Answer], None]
    ) -> None:
        self._task = None
        if task.cancelled():
            return
        error = task.exception()
        if error is None:
            done(_acceptance(question, task.result()))
        else:
            done(self._refusal(question, error))

    def _refusal(self, question: Question, error: BaseException) -> Answer:
        """Whatever went wrong, the program gets an answer."""
        if isinstance(error, OSError) and error.errno:
            return Answer(error.errno)
        if isinstance(error, NotImplementedError):
            return Answer(Error.UNMODELLED, data=str(error).encode())
        doing = question.call()[0] if question.op == Op.CALL else Op(question.op).name
        text = f"the virtual board failed in {doing}: {error!r}"
        self._chip.failed(text, error)
        return Answer(Error.FAILED, data=text.encode())


def _acceptance(question: Question, result: Any) -> Answer:
    if question.op != Op.CALL:
        return Answer(value=int(result or 0))
    return Answer(data=b"" if result is None else repr(plain(result)).encode())


async def _awaited(result: Awaitable[Any]) -> Any:
    return await result
