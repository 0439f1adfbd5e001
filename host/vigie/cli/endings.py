"""How a command ends: the exit code, and the message, for what went wrong."""

import errno
import signal
from collections.abc import Generator
from dataclasses import dataclass
from types import FrameType
from typing import cast

from vigie.errors import VigieError


@dataclass(frozen=True)
class Ending:
    """What the process answers."""

    code: int
    text: str = ""


class Signals:
    """Has SIGTERM and SIGHUP end a command like Ctrl-C does: in order, leaving nothing behind."""

    def __init__(self) -> None:
        self.number = signal.SIGINT
        """The one that came."""
        self._listening: list[signal.Signals] = []

    def listen(self) -> None:
        """From now on. A signal that whoever started us had us ignore stays ignored."""
        for name in ("SIGTERM", "SIGHUP"):
            number: signal.Signals | None = getattr(signal, name, None)  # Windows has no SIGHUP
            if number is not None and signal.getsignal(number) == signal.SIG_DFL:
                signal.signal(number, self._came)
                self._listening.append(number)

    def forget(self) -> None:
        """From now on they do what they usually do."""
        for number in self._listening:
            signal.signal(number, signal.SIG_DFL)
        self._listening = []

    def ignore(self) -> None:
        """From now on nothing stops this process in a hurry, Ctrl-C neither."""
        for number in (signal.SIGINT, *self._listening):
            signal.signal(number, signal.SIG_IGN)
        self._listening = []

    def _came(self, number: int, frame: FrameType | None) -> None:
        self.number = signal.Signals(number)
        like_ctrl_c = signal.getsignal(signal.SIGINT)
        if callable(like_ctrl_c):  # asyncio's own, while it runs
            like_ctrl_c(signal.SIGINT, frame)
        else:
            raise KeyboardInterrupt


def ending(error: BaseException, stopped_by: signal.Signals = signal.SIGINT) -> Ending | None:
    """What to say of an error; None if it is a fault of ours, which deserves its traceback.

    Args:
        error: what came out of the command.
        stopped_by: the signal, if it is the end of a command that was stopped.
    """
    # Whoever catches errors on the way may have made another one of it.
    for cause in _all_behind(error):
        if isinstance(cause, KeyboardInterrupt):
            by = "Ctrl-C" if stopped_by == signal.SIGINT else stopped_by.name
            hint = f"\n  {cause}" if str(cause) else ""
            return Ending(128 + stopped_by, f"stopped by {by}{hint}")
    if isinstance(error, SystemExit):
        return Ending(error.code if isinstance(error.code, int) else int(error.code is not None))
    if isinstance(error, BrokenPipeError):
        return Ending(0)  # whoever read us has had enough
    for leaf in _leaves(error):
        if not isinstance(leaf, VigieError | OSError):
            return None
    return Ending(2, _text(next(_leaves(error))))


def _text(error: BaseException) -> str:
    if not isinstance(error, OSError):
        return str(error)
    what = error.strerror or str(error) or type(error).__name__
    if error.filename is not None:
        what = f"{error.filename}: {what}"
    return f"{what}\n  Free some space." if error.errno == errno.ENOSPC else what


def _leaves(error: BaseException) -> Generator[BaseException]:
    """The error itself, or those of a group."""
    members = _members(error)
    if not members:
        yield error
    for member in members:
        yield from _leaves(member)


def _all_behind(error: BaseException) -> Generator[BaseException]:
    """The error, its causes and contexts, and theirs."""
    waiting: list[BaseException] = [error]
    seen: set[int] = set()
    while waiting:
        error = waiting.pop()
        if id(error) in seen:
            continue
        seen.add(id(error))
        yield error
        waiting += [e for e in (error.__cause__, error.__context__) if e is not None]
        waiting += _members(error)


def _members(error: BaseException) -> tuple[BaseException, ...]:
    if not isinstance(error, BaseExceptionGroup):
        return ()
    return cast(BaseExceptionGroup[BaseException], error).exceptions
