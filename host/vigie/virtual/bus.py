"""What a VM and its host say to each other: the host's half of shims/bus.py.

The VM asks, the host answers, strictly in turn. A question is eight words, an answer sixteen.
Bytes that belong to a question come before it through the pipe of what is printed, behind all that
was printed until then; bytes that belong to an answer follow it. Times are microseconds of the
chip's own clock. A CALL and its result are the repr of plain values, which both Pythons can read.
"""

import ast
import contextlib
import fcntl
import functools
import os
import select
import struct
import time
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any


class Op(IntEnum):
    """What a VM asks for: the numbers of shims/ops.py."""

    WAIT = 0
    STALL = 1
    CALL = 2
    FLUSH = 3
    PRINT = 4
    PRINT_RAW = 5
    KBD_INTR = 6
    WATCHDOG_ARM = 7
    WATCHDOG_FEED = 8
    FLASH_PROGRAM = 9
    FLASH_ERASE = 10
    FLASH_SYNC = 11
    PIN_INIT = 12
    PIN_WRITE = 13
    PIN_READ = 14
    PIN_IRQ = 15
    PIN_PWM = 16
    ADC_READ = 17
    TIMER_START = 18
    TIMER_STOP = 19
    BLE_NOTIFY = 20
    BLE_INDICATE = 21
    BLE_UPDATE = 22
    BLE_ANSWER = 23
    SIGINT = 24
    I2S_POLL = 25
    I2S_READ = 26


class Error(IntEnum):
    """Errors of an answer that are no number of the chip's."""

    UNMODELLED = 1 << 32
    FAILED = (1 << 32) + 1


FOREVER_US = (1 << 62) - 1
EVENT_WORDS = 8
_QUESTION = struct.Struct("<8q")
_ANSWER = struct.Struct("<16q")
_LOOK_S = 0.05
"""How often to look, while the VM computes, whether it is stuck in printing."""
_PIPE_BYTES = 1 << 18
_READ_BYTES = 1 << 16


class Hang(Exception):
    """The VM computes without touching the bus, or touches it without end at one moment."""


class Ended(Exception):
    """The VM's process ended."""


@functools.lru_cache(maxsize=256)
def _call(data: bytes) -> tuple[str, tuple[Any, ...]]:
    name, args = ast.literal_eval(data.decode())
    return name, args


@dataclass(slots=True)
class Question:
    """One question of the VM. `a`, `b`, `c` and `data` belong to the operation.

    `text` is what was printed before it, where that had to be looked at.
    """

    op: int
    now_us: int
    until_us: int
    watchdog_us: int
    a: int
    b: int
    c: int
    data: bytes
    text: bytes

    def call(self) -> tuple[str, tuple[Any, ...]]:
        """Name and arguments of a CALL; nobody may change them, for the next one gets them too."""
        return _call(self.data)


@dataclass(slots=True)
class Answer:
    """One answer of the host; `value` is the kind of the event if there is one."""

    error: int = 0
    value: int = 0
    words: Sequence[int] = ()
    data: bytes = b""

    def pack(
        self, now_us: int, lease_us: int = 0, pending: int = 0, typed: int = 0, stale: bool = False
    ) -> bytes:
        """The bytes that let the VM go on.

        Args:
            now_us: the time.
            lease_us: before this nothing can happen in the world.
            pending: how many events wait for their handlers.
            typed: how many events of the console wait.
            stale: whether levels of pins have changed since the last answer.
        """
        words = (*self.words, *[0] * (EVENT_WORDS - len(self.words)))
        head = _ANSWER.pack(
            now_us, lease_us, pending, typed, stale, self.error, self.value, *words, len(self.data)
        )
        return head + self.data


def plain(value: Any) -> Any:
    """The value as built-in types alone: enums become numbers, so that repr can be read back."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, tuple | list):
        # Of anything, as the caller has it.
        return type(value)(plain(v) for v in value)  # type: ignore[arg-type]
    return value


class Pipes:
    """Both directions of the bus, and the pipe of what the program prints."""

    def __init__(self) -> None:
        self.vm_in, self._to = os.pipe()
        self.questions, self.vm_out = os.pipe()
        self.text, self.vm_text = os.pipe()
        os.set_blocking(self.text, False)
        _widen(self.text)
        self._printed = bytearray()
        self._poll = select.poll()
        self._poll.register(self.questions, select.POLLIN)

    def hand_over(self) -> None:
        """The VM has its ends now; close ours of them."""
        for fd in (self.vm_in, self.vm_out, self.vm_text):
            os.close(fd)

    def close(self) -> bytes:
        """Close; what was printed and not yet passed on."""
        self.collect()
        for fd in (self._to, self.questions, self.text):
            os.close(fd)
        return self._take_text()

    def send(self, message: bytes) -> None:
        """Raises Ended."""
        try:
            while message:
                message = message[os.write(self._to, message) :]
        except BrokenPipeError:
            raise Ended from None

    def asked(self) -> bool:
        """Whether a question waits."""
        return bool(self._poll.poll(0))

    def receive(self, within_s: float) -> Question:
        """The next question.

        Raises Ended, or Hang if it does not come in this (wall) time.
        """
        if not self._poll.poll(_LOOK_S * 1000):
            self._wait(within_s)
        packed = os.read(self.questions, _QUESTION.size)
        if len(packed) < _QUESTION.size:
            raise Ended
        op, now_us, until_us, watchdog_us, a, b, c, length = _QUESTION.unpack(packed)
        data = text = b""
        if length or op == Op.FLUSH:
            self.collect()
            if length:
                data = bytes(self._printed[-length:])
                del self._printed[-length:]
            text = self._take_text()
        return Question(op, now_us, until_us, watchdog_us, a, b, c, data, text)

    def _wait(self, within_s: float) -> None:
        end_s = time.monotonic() + within_s
        while not self._poll.poll(_LOOK_S * 1000):
            self.collect()  # a full pipe would block the VM for ever
            if time.monotonic() > end_s:
                raise Hang(f"the program computes for {within_s} s without waiting for anything")

    def collect(self) -> None:
        """Take what was printed, so that the VM can go on printing."""
        text = None
        with contextlib.suppress(BlockingIOError):
            while text is None or len(text) == _READ_BYTES:  # less was all that there was
                text = os.read(self.text, _READ_BYTES)
                self._printed += text

    def _take_text(self) -> bytes:
        text = bytes(self._printed.replace(b"\n", b"\r\n"))
        self._printed.clear()
        return text


def _widen(fd: int) -> None:
    """Let the pipe hold more, where the system can do that: then printing seldom has to wait."""
    if hasattr(fcntl, "F_SETPIPE_SZ"):
        with contextlib.suppress(OSError):  # too many pipes are wide already
            fcntl.fcntl(fd, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
