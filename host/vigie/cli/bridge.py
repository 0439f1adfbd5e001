"""`vigie bridge`: a serial port over TCP."""

import asyncio
import sys
from typing import Annotated

import serial
import typer

from vigie.bench.ports import device
from vigie.bench.rfc2217_bridge import Bridge
from vigie.errors import VigieError

DEFAULT = "127.0.0.1:2217"


def command(
    port: Annotated[str, typer.Argument(help="The serial port, or id:NUMBER of its adapter.")],
    listen: Annotated[
        str, typer.Option(metavar="HOST:PORT", help="Where to listen; port 0: any that is free.")
    ] = DEFAULT,
) -> None:
    """Offer a serial port to other machines (RFC 2217), and print its address.

    Whoever reaches the address has the board: there is no password. From another machine, reach
    this computer's own address through ssh -L.

    Example: `vigie bridge /dev/ttyUSB0`, and then `make hil PORT=rfc2217://127.0.0.1:2217`
    """
    host, _, number = listen.rpartition(":")
    if not host or not number.isdecimal() or int(number) > 65535:
        raise VigieError(f"--listen {listen} is no address.", f"For example: --listen {DEFAULT}.")
    try:
        opened = serial.Serial(device(port), exclusive=True)
    except (OSError, ValueError) as e:
        raise VigieError(
            f"The port {port} cannot be opened: {e}.",
            "Check the cable, and close other programs that use the port.",
        ) from None
    with opened:
        why = asyncio.run(_serve(opened, host, int(number)))
    raise VigieError(f"The bridge has ended: {why}.", "Plug it in again and start anew.")


async def _serve(opened: serial.Serial, host: str, number: int) -> str:
    bridge = Bridge(opened, lambda text: print(f"vigie: {text}", file=sys.stderr, flush=True))
    try:
        try:
            number = await bridge.listen(host, number)
        except OSError as e:
            raise VigieError(f"Nobody can listen at {host}:{number}: {e.strerror}.",
                             "Choose another address with --listen.") from None  # fmt: skip
        print(f"rfc2217://{host}:{number}", flush=True)
        return await bridge.ended()
    finally:
        bridge.close()
