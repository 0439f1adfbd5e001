"""Opens a serial port for a verb."""

import contextlib
from collections.abc import Generator
from contextlib import contextmanager

from mpremote.transport import TransportError
from mpremote.transport_serial import SerialTransport

from vigie.errors import VigieError


@contextmanager
def opened(port: str) -> Generator[SerialTransport]:
    """An open connection to the console of the board at a serial port.

    Raises:
        VigieError: the port cannot be opened.
    """
    try:
        transport = SerialTransport(port)
    except (TransportError, OSError, ValueError) as e:
        raise VigieError(
            f"The port {port} cannot be opened: {e}.",
            "`mpremote connect list` shows the ports; `vigie board` makes a virtual one.",
        ) from None
    try:
        yield transport
    finally:
        with contextlib.suppress(OSError):  # the cable may be gone
            transport.close()
