"""The serial console: what the board says, and what is typed."""

from collections.abc import Callable

from vigie.boards.console_log import ConsoleLog
from vigie.virtual.bus import Op
from vigie.virtual.chip.part import Ending, Orders, Part
from vigie.virtual.clock import WorldLoop
from vigie.virtual.interrupts import Event, Interrupt
from vigie.virtual.vm import Vm


class Console(ConsoleLog, Part):
    """Both directions of the serial line. `hear` gets bytes, `said_line` whole lines."""

    def __init__(self, loop: WorldLoop) -> None:
        super().__init__(loop.time)
        self._vm: Vm | None = None
        self._ctrl_c = -1
        self.hear: list[Callable[[bytes], None]] = []

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

    def print(self, data: bytes) -> None:
        """The board says this."""
        for hear in self.hear:
            hear(data)
        self.add(data)

    def type(self, data: bytes) -> None:
        """Somebody types this."""
        if self._vm is None:
            return
        self._vm.interrupt(Interrupt(Event.RX, data=data))
        if self._ctrl_c >= 0 and self._ctrl_c in data:
            self._vm.break_in(self._ctrl_c)

    def _kbd_intr(self, byte: int) -> None:
        self._ctrl_c = byte
