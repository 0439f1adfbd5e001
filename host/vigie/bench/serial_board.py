"""A board that is reached through its serial port alone: real hardware, or what looks like it.

Any port that pyserial opens will do: a path, rfc2217://HOST:PORT, socket://HOST:PORT.
"""

import asyncio
import struct
from collections.abc import Callable, Generator
from contextlib import contextmanager, redirect_stdout, suppress
from io import StringIO

from mpremote.transport import TransportError, TransportExecError
from mpremote.transport_serial import SerialTransport

from vigie.bench.serial_wire import SerialWire
from vigie.boards.console_log import ConsoleLog
from vigie.boards.firmware import CONFIG, render_config
from vigie.boards.spec import BoardSpec
from vigie.errors import VigieError

READY = "advertising"
"""What the firmware says when it can be used."""
READY_WITHIN_S = 20.0
_SILENT_S = 2.0
_CTRL_CS = 3
"""A port on which nothing answers for so long, to so many Ctrl-C, has no MicroPython behind it.

One may come while the board starts, which opening the port of many makes them do, and be lost.
"""
_FORGET = """
import machine, os
for folder in ("vigie",):
    try:
        for entry in os.ilistdir(folder):
            os.remove(folder + "/" + entry[0])
    except OSError:
        pass
try:
    os.remove("crash.txt")
except OSError:
    pass
machine.RTC().memory(b"")
"""
"""Takes away what the firmware remembers: `Store` in app.py, crash.txt, the memory of the RTC."""
_RESET = b"import machine; machine.reset()\r"


class SerialBoard:
    """See vigie.bench.protocol.Board.

    Args:
        spec: which board it is.
        wire: its port; it belongs to this board until `close`.
        fail: told what goes wrong while nobody waits.
    """

    def __init__(self, spec: BoardSpec, wire: SerialWire, fail: Callable[[str], None]):
        self.spec = spec
        self._fail = fail
        self.console = ConsoleLog(asyncio.get_running_loop().time)
        self._wire = wire
        self._resetting: asyncio.Task[None] | None = None
        wire.hear.append(self.console.add)

    def machine_reset(self) -> None:
        """Reset the processor: Ctrl-C ends the program, and the console does the rest."""
        self._resetting = asyncio.get_running_loop().create_task(self._reset())

    def close(self) -> None:
        """Listen no more."""
        if self._resetting:
            self._resetting.cancel()
        self._wire.hear.remove(self.console.add)
        self._wire.close()

    async def _reset(self) -> None:
        since = len(self.console.text)
        for _ in range(20):
            self._wire.write(b"\r\x03")
            await asyncio.sleep(0.1)
            if self.console.text[since:].rstrip().endswith(">>>"):
                self._wire.write(_RESET)
                return
        self._fail("the board does not answer to Ctrl-C: it was not reset")


@contextmanager
def attached(port: str, spec: BoardSpec) -> Generator[SerialTransport]:
    """The console of the board at a port, which is known to run this project's firmware.

    Raises:
        VigieError: nothing is there, or something else.
    """
    with _opened(port) as transport:
        _identify(transport, spec)
        yield transport
        with suppress(TransportError, OSError):
            transport.serial.write(b"\x03\x02\x04")  # leave it running


def start_afresh(transport: SerialTransport) -> None:
    """Have the board forget every alert, and reset it; it starts when this returns.

    Raises:
        VigieError: it does not answer.
    """
    try:
        with redirect_stdout(StringIO()):  # mpremote prints what it did not expect
            _enter(transport)
        transport.exec(_FORGET)
        transport.exec_raw_no_follow("machine.reset()")
        transport.in_raw_repl = False
    except (TransportError, OSError, struct.error) as e:
        raise _silent(transport.device_name, e) from None


@contextmanager
def _opened(port: str) -> Generator[SerialTransport]:
    try:
        transport = SerialTransport(port, timeout=1.0)
    except (TransportError, OSError, ValueError) as e:
        raise VigieError(
            f"The port {port} cannot be opened: {e}.",
            "Check the cable, and close other programs that use the port.",
        ) from None
    try:
        yield transport
    finally:
        with suppress(OSError):  # the cable may be gone
            transport.close()


def _identify(transport: SerialTransport, spec: BoardSpec) -> None:
    name = transport.device_name
    try:
        with redirect_stdout(StringIO()):
            _enter(transport)
        transport.exec("import button.app")
        config = transport.fs_readfile(CONFIG)
    except TransportExecError as e:
        raise VigieError(
            f"The board at {name} runs MicroPython, but not this firmware: {e.error_output}",
            f"Put it there: vigie deploy --port {name} --board {spec.name}.",
        ) from None
    except (TransportError, OSError, struct.error) as e:  # the last when an answer is cut short
        raise _silent(name, e) from None
    if bytes(config) != render_config(spec).encode():
        raise VigieError(
            f"The board at {name} is configured otherwise than {spec.name}.",
            f"Name the right board, or: vigie deploy --port {name} --board {spec.name}.",
        )


def _enter(transport: SerialTransport) -> None:
    for left in reversed(range(_CTRL_CS)):
        try:
            transport.enter_raw_repl(soft_reset=False, timeout_overall=_SILENT_S)
        except TransportError:
            if not left:
                raise
        else:
            return


def _silent(name: str, why: object) -> VigieError:
    return VigieError(
        f"No MicroPython answers at {name}: {why}",
        "Check power and cable, and that it is the port of the button.",
    )
