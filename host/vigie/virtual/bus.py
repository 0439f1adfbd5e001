"""What a VM and its host say to each other: the host's half of shims/bus.py.

The VM asks, the host answers, strictly in turn. A question is `kind, now, until, length` and a
body, an answer `now, lease, length` and a body. Times are microseconds of the chip's own clock.
Bodies are the repr of plain values, which both Pythons can read back.
"""

import ast
import os
import select
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

WAIT, STALL, CALL = 0, 1, 2
_ASK = struct.Struct("<BQQI")
_ANSWER = struct.Struct("<QQI")


class Hang(Exception):
    """The VM computes without touching the bus."""


class Ended(Exception):
    """The VM's process ended."""


@dataclass(frozen=True, slots=True)
class Request:
    """One question of the VM."""

    kind: int
    now_us: int
    until_us: int
    body: bytes

    def call(self) -> tuple[str, tuple[Any, ...]]:
        """Name and arguments of a CALL."""
        name, args = ast.literal_eval(self.body.decode())
        return name, args


def plain(value: Any) -> Any:
    """The value as built-in types alone: enums become numbers, so that repr can be read back."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, tuple | list):
        return type(value)(plain(v) for v in value)  # type: ignore[arg-type]
    return value


def answer(
    now_us: int,
    lease_us: int,
    result: Any,
    interrupts: list[tuple[str, Any]],
    error: int | str | None,
) -> bytes:
    """The message that lets the VM go on."""
    body = b""
    if interrupts or result is not None or error:
        body = repr((plain(result), interrupts, error)).encode()
    return _ANSWER.pack(now_us, lease_us, len(body)) + body


class Pipes:
    """Both directions of the bus, and the pipe of what the program prints."""

    def __init__(self, on_text: Callable[[bytes], None], hang_s: float):
        self._on_text = on_text
        self._hang_s = hang_s
        self.vm_in, self._to = os.pipe()
        self.questions, self.vm_out = os.pipe()
        self.text, self.vm_text = os.pipe()
        os.set_blocking(self.text, False)
        self._poll = select.poll()
        self._poll.register(self.questions, select.POLLIN)
        self._poll.register(self.text, select.POLLIN)

    def hand_over(self) -> None:
        """The VM has its ends now; close ours of them."""
        for fd in (self.vm_in, self.vm_out, self.vm_text):
            os.close(fd)

    def close(self) -> None:
        """Read the last text and close."""
        self.drain()
        for fd in (self._to, self.questions, self.text):
            os.close(fd)

    def send(self, message: bytes) -> None:
        """Raises Ended."""
        try:
            while message:
                message = message[os.write(self._to, message) :]
        except BrokenPipeError:
            raise Ended("the VM ended") from None

    def receive(self) -> Request:
        """The next question; what was printed before it has been passed on when this returns.

        Raises Ended or Hang.
        """
        kind, now_us, until_us, length = _ASK.unpack(self._read(_ASK.size))
        body = self._read(length) if length else b""
        self.drain()
        return Request(kind, now_us, until_us, body)

    def drain(self) -> None:
        """Pass on what the program has printed."""
        try:
            while text := os.read(self.text, 65536):
                self._on_text(text.replace(b"\n", b"\r\n"))
        except BlockingIOError:
            pass

    def _read(self, n: int) -> bytes:
        data = b""
        while len(data) < n:
            ready = [fd for fd, _ in self._poll.poll(self._hang_s * 1000)]
            if not ready:
                raise Hang(
                    f"the program computes for {self._hang_s} s without waiting for anything"
                )
            if self.questions in ready:
                part = os.read(self.questions, n - len(data))
                if not part:
                    raise Ended("the VM ended")
                data += part
            else:  # a full text pipe would block the VM for ever
                self.drain()
        return data
