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
            "`.venv/bin/mpremote connect list` shows the ports; `vigie board` makes one.",
        ) from None
    try:
        yield transport
    finally:
        # A port that is gone cannot be closed, and what there is to say of it has been said.
        with contextlib.suppress(Exception):
            transport.close()
