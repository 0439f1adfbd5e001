"""Mistakes of bumble 0.0.236 in pairing.

Every test runs on stock bumble too, where it has to fail: one that passes there means that the
repair has become superfluous.
"""

import asyncio
from typing import Any

import pytest
from bumble import att, core
from bumble.device import Connection
from bumble.pairing import PairingConfig, PairingDelegate

from .repairs import PATIENCE_S, Bench, board_end, connected, repaired
from .world import (
    AUTHENTICATED,
    in_virtual_time,
    now,
)


@repaired
@in_virtual_time
async def test_just_works_does_not_authenticate(bench: Bench) -> None:
    board, _, _, discovered = await connected(bench)
    await discovered.connection.pair()
    assert discovered.connection.is_encrypted
    assert not discovered.connection.authenticated
    assert not board_end(board).authenticated
    with pytest.raises(att.ATT_Error):
        await discovered[AUTHENTICATED].read_value()


class Refusing(PairingDelegate):
    async def accept(self) -> bool:
        return False


class Silent(PairingDelegate):
    async def accept(self) -> bool:
        await asyncio.Event().wait()
        return False


def pair_with(station: Any, config: PairingConfig) -> None:
    def factory(_connection: Connection) -> PairingConfig:
        return config

    station.device.pairing_config_factory = factory


@repaired
@in_virtual_time
async def test_a_second_pairing_on_the_same_link(bench: Bench) -> None:
    board, _, _, discovered = await connected(bench)
    pair_with(board, PairingConfig(mitm=False, delegate=Refusing()))
    with pytest.raises(core.ProtocolError):
        await discovered.connection.pair()
    pair_with(board, PairingConfig(mitm=False))
    async with asyncio.timeout(PATIENCE_S):
        await discovered.connection.pair()
    assert discovered.connection.is_encrypted


@repaired
@in_virtual_time
async def test_a_silent_peer_fails_the_pairing_after_30_s(bench: Bench) -> None:
    board, _, _, discovered = await connected(bench)
    pair_with(board, PairingConfig(mitm=False, delegate=Silent()))
    before_s = now()
    async with asyncio.timeout(PATIENCE_S):
        with pytest.raises(core.ProtocolError):
            await discovered.connection.pair()
    assert now() - before_s == pytest.approx(30, abs=0.1)


@repaired
@in_virtual_time
async def test_no_bond_unless_both_want_one(bench: Bench) -> None:
    board, phone, _, discovered = await connected(bench)
    pair_with(board, PairingConfig(mitm=False, bonding=False))
    await discovered.connection.pair()
    await asyncio.sleep(0.1)
    assert discovered.connection.is_encrypted
    assert not await phone.device.keystore.get_all()
    assert not await board.device.keystore.get_all()
