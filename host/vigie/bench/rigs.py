"""Opens the rig that a bench has."""

import os
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, closing
from typing import Any

from mpremote.transport import TransportError
from mpremote.transport_serial import SerialTransport

from vigie.bench.bench_file import RigSpec
from vigie.bench.board_rig import BoardRig, start_player
from vigie.bench.hand_rig import TERMINAL, HandRig
from vigie.bench.ports import device
from vigie.bench.protocol import Rig
from vigie.bench.rts_rig import RtsRig, opened_lines
from vigie.bench.serial_wire import SerialWire
from vigie.boards.spec import BoardSpec
from vigie.errors import VigieError


@asynccontextmanager
async def opened_rig(
    rig: RigSpec, board: BoardSpec, fail: Callable[[str], None]
) -> AsyncGenerator[Rig]:
    """A rig, ready; not one of kind "none".

    Args:
        rig: what it is and where.
        board: the board under test.
        fail: told what goes wrong while nobody waits.

    Raises:
        VigieError: it is not there, or it is something else.
    """
    active_low = frozenset({"indicator"} if board.indicator.active_low else ())
    if rig.kind == "rts":
        with (
            opened_lines(device(rig.port)) as lines,
            closing(RtsRig(lines, rig.senses, active_low)) as opened,
        ):
            yield opened
    elif rig.kind == "board":
        with closing(_transport(device(rig.port))) as transport:
            start_player(
                transport,
                rig.pins,
                key_low=board.key.active_low,
                indicator_low=board.indicator.active_low,
            )
            port: Any = transport.serial
            with (
                closing(SerialWire(port, fail)) as wire,
                closing(BoardRig(wire, rig.pins, fail)) as opened,
            ):
                await _ready(opened, rig.port)
                yield opened
    elif rig.kind == "hand":
        with open(_terminal(), "w", encoding="utf-8") as screen:  # noqa: ASYNC230, PTH123

            def say(text: str) -> None:
                print(f"\r\n>>> {text}", file=screen, flush=True)

            yield HandRig(say)
    else:
        raise ValueError(rig.kind)


def _transport(port: str) -> SerialTransport:
    try:
        return SerialTransport(port, timeout=1.0)
    except (TransportError, OSError, ValueError) as e:
        raise VigieError(
            f"The second board's port {port} cannot be opened: {e}.",
            "Check the cable, and close other programs that use the port.",
        ) from None


async def _ready(rig: BoardRig, port: str) -> None:
    try:
        await rig.ready()
    except TimeoutError as e:
        raise VigieError(f"The second board at {port} is not there: {e}.",
                         "Check power and cable.") from None  # fmt: skip


def _terminal() -> str:
    if not os.access(TERMINAL, os.W_OK):
        raise VigieError("There is no terminal on which a person could be asked.",
                         "Run this in a terminal, or use another rig.")  # fmt: skip
    return TERMINAL
