"""What is at the other end of a serial port: its chip, its machine code, its firmware."""

import contextlib
import io
import struct
from collections.abc import Generator
from dataclasses import dataclass

from mpremote.transport import TransportError
from mpremote.transport_serial import SerialTransport

from vigie.boards.budget import Code
from vigie.boards.chips import CHIPS
from vigie.boards.mpy import architecture
from vigie.boards.spec import BoardSpec
from vigie.errors import VigieError

_VIRTUAL = "virtual board"
# Only what is frozen counts; a soft reset has emptied sys.modules before.
_ASK = """
import os, sys
def _inside():
    path = sys.path[:]
    sys.path[:] = [".frozen"]
    try:
        import button
        return True
    except ImportError:
        return False
    finally:
        sys.path[:] = path
        sys.modules.pop("button", None)
"""
_ANSWER = "(os.uname()[4], getattr(sys.implementation, '_mpy', 0), _inside())"


@dataclass(frozen=True, slots=True)
class Device:
    """What runs on a device.

    machine: MicroPython's name for the board and its chip.
    architecture: of its machine code, such as "xtensawin", or empty.
    has_firmware: whether its image has the firmware inside.
    """

    machine: str
    architecture: str
    has_firmware: bool = False

    @property
    def chip(self) -> str:
        """The chip as board files call it; empty if its name is another's."""
        name = self.machine.rpartition(" with ")[2].replace("-", "").lower()
        return name if name in CHIPS else ""

    def code(self, *, files: bool, source: bool) -> Code:
        """Where the firmware's code comes from after a deploy.

        The virtual board's heap is that of a chip whose image has the firmware inside, whatever is
        on its flash (`vigie.virtual.board`).

        Args:
            files: the firmware is copied even if the image has it.
            source: ... as sources.
        """
        if source:
            return Code.SOURCES
        inside = self.has_firmware and not files
        return Code.IMAGE if inside or self.machine.startswith(_VIRTUAL) else Code.FILES

    def check_is(self, board: BoardSpec) -> None:
        """Raise VigieError if this cannot be such a board."""
        if self.chip and self.chip != board.chip:
            raise VigieError(
                f"The device is a {self.machine}; the board file {board.name} is for the chip "
                f"{board.chip}.",
                "Name its board with --board: `vigie boards list` shows them.",
            )


@contextlib.contextmanager
def explained(transport: SerialTransport) -> Generator[None]:
    """Turn what goes wrong on a connection into a VigieError that says what to do."""
    try:
        yield
    except (TransportError, OSError, struct.error) as e:  # the last when a reply is cut short
        raise VigieError(
            f"The device at {transport.device_name} stopped answering: {e}",
            "Check the cable, close other programs that use the port, then deploy again: until "
            "then the button is NOT running.",
        ) from e


def stop_program(transport: SerialTransport) -> None:
    """Stop what runs on the device, and have its raw REPL."""
    with contextlib.redirect_stdout(io.StringIO()):  # mpremote prints what it did not expect
        transport.enter_raw_repl()


def identify(transport: SerialTransport) -> Device:
    """Stop what runs on the device and ask what it is.

    Raises:
        VigieError: the device does not answer.
    """
    with explained(transport):
        stop_program(transport)
        transport.exec(_ASK)
        machine, mpy, inside = transport.eval(_ANSWER)
    return Device(machine, architecture(mpy), inside)
