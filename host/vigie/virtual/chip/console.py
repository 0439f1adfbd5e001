"""The serial console: what the board says, line by line with its time, and what is typed."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass

from vigie.virtual.bus import Op
from vigie.virtual.chip.part import Ending, Orders, Part
from vigie.virtual.clock import WorldLoop
from vigie.virtual.interrupts import Event, Interrupt
from vigie.virtual.vm import Vm


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the console and when it was complete, on the world's clock."""

    t_s: float
    text: str


class Console(Part):
    """Both directions of the serial line. `hear` gets bytes, `said_line` whole lines."""

    def __init__(self, loop: WorldLoop) -> None:
        self._loop = loop
        self._vm: Vm | None = None
        self._part = bytearray()
        self._ctrl_c = -1
        self._waiters: list[tuple[re.Pattern[str], asyncio.Future[Line]]] = []
        self.lines: list[Line] = []
        self.hear: list[Callable[[bytes], None]] = []
        self.said_line: list[Callable[[Line], None]] = []

    def orders(self) -> Orders:
        """See Part."""
        return {
            Op.FLUSH: lambda q: None,  # what was printed has been passed on before
            Op.PRINT: lambda q: self.print(q.data.replace(b"\n", b"\r\n")),
            Op.PRINT_RAW: lambda q: self.print(q.data),
            Op.KBD_INTR: lambda q: self._kbd_intr(q.a),
        }

    def started(self, vm: Vm) -> None:
        """See Part."""
        self._vm = vm
        self._ctrl_c = -1

    def stopped(self, ending: Ending) -> None:
        """What it was saying ends with it, so that the next program begins a line."""
        self._vm = None
        if self._part:
            self.print(b"\r\n")

    @property
    def text(self) -> str:
        """All that was said so far."""
        lines = [line.text for line in self.lines]
        return "\n".join([*lines, self._part.decode(errors="replace")])

    def print(self, data: bytes) -> None:
        """The board says this."""
        for hear in self.hear:
            hear(data)
        self._part += data
        while (end := self._part.find(b"\n")) >= 0:
            text = self._part[:end].decode(errors="replace").rstrip("\r")
            del self._part[: end + 1]
            self._said(Line(self._loop.time(), text))

    def type(self, data: bytes) -> None:
        """Somebody types this."""
        if self._vm is None:
            return
        self._vm.interrupt(Interrupt(Event.RX, data=data))
        if self._ctrl_c >= 0 and self._ctrl_c in data:
            self._vm.break_in(self._ctrl_c)

    async def said(self, pattern: str, *, within_s: float = 60.0, since: int = 0) -> Line:
        """The first line from `lines[since]` on that matches, waiting for it if need be.

        Raises TimeoutError with what was said instead.
        """
        wanted = re.compile(pattern)
        for line in self.lines[since:]:
            if wanted.search(line.text):
                return line
        future: asyncio.Future[Line] = self._loop.create_future()
        self._waiters.append((wanted, future))
        try:
            async with asyncio.timeout(within_s):
                return await future
        except TimeoutError:
            said = "\n  ".join(line.text for line in self.lines[-12:])
            raise TimeoutError(
                f"the board did not say /{pattern}/ within {within_s} s; its last lines:\n  {said}"
            ) from None
        finally:
            self._waiters = [w for w in self._waiters if w[1] is not future]

    def _said(self, line: Line) -> None:
        self.lines.append(line)
        for said in self.said_line:
            said(line)
        for wanted, future in self._waiters:
            if wanted.search(line.text) and not future.done():
                future.set_result(line)

    def _kbd_intr(self, byte: int) -> None:
        self._ctrl_c = byte
