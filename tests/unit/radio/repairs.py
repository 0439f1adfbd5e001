"""What the tests of repairs share: the same stations with and without this package."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from bumble import hci
from bumble.device import Connection, Peer

from .world import (
    BOARD,
    PHONE,
    AirBench,
    Discovered,
    Services,
    StockBench,
)

Bench = Callable[[], Any]

repaired = pytest.mark.parametrize(
    "bench",
    [
        pytest.param(AirBench, id="air"),
        pytest.param(StockBench, id="stock", marks=pytest.mark.xfail(strict=True)),
    ],
)

PATIENCE_S = 40


async def board_and_phone(bench: Bench, **board: Any) -> tuple[Any, Any, Services]:
    maker = bench()
    services = Services()
    made = await maker.station("board", BOARD, **board)
    made.device.add_service(services.service)
    phone = await maker.station("phone", PHONE)
    return made, phone, services


async def connected(bench: Bench, **board: Any) -> tuple[Any, Any, Services, Discovered]:
    made, phone, services = await board_and_phone(bench, **board)
    kind = hci.OwnAddressType.PUBLIC if board.get("public") else hci.OwnAddressType.RANDOM
    await made.device.start_advertising(
        own_address_type=kind, auto_restart=True, advertising_interval_min=100
    )
    address = made.device.public_address if board.get("public") else made.device.random_address
    peer = Peer(await phone.device.connect(address, timeout=5))
    async with asyncio.timeout(PATIENCE_S):
        await peer.discover_all()
    return made, phone, services, Discovered(peer)


def board_end(board: Any) -> Connection:
    return next(iter(board.device.connections.values()))
