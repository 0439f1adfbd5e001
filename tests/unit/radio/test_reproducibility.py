"""The same seed gives the same bytes on the air: in any run and any process."""

import asyncio
import hashlib
import os
import subprocess
import sys

from vigie.radio.bleak_backend.radio import VirtualRadio
from vigie.radio.hci_log import HciLog, HciRecord
from vigie.radio.seeding import seeded
from vigie.virtual.clock import run

from .world import BOARD, ENCRYPTED, NOTIFYING, make_world


async def scenario(seed: int) -> HciLog:
    """Pairing, loss, a lost link and a reconnection with a bond, all through bleak."""
    world = await make_world(seed, private=True)
    radio = VirtualRadio(world.phone)
    async with radio.scanner() as scanner:
        await asyncio.sleep(1)
    client = radio.client(scanner.discovered_devices[0])
    await client.connect()
    await client.read_gatt_char(ENCRYPTED)
    await client.start_notify(NOTIFYING, lambda _, __: None)
    world.air.set_loss(world.board, world.phone, 0.2)
    for number in range(30):
        await asyncio.sleep(1)
        await world.board.device.notify_subscribers(world.services.notifying, bytes([number]))
    world.air.set_loss(world.board, world.phone, 1)
    await asyncio.sleep(5)
    world.air.set_loss(world.board, world.phone, None)
    await radio.client(BOARD).connect()
    return world.log


def records(seed: int) -> list[HciRecord]:
    with seeded(seed):
        return list(run(scenario(seed)))


def digest(seed: int) -> str:
    return hashlib.sha256(repr(records(seed)).encode()).hexdigest()


def test_the_same_seed_gives_the_same_log() -> None:
    assert records(5) == records(5)
    assert len(records(5)) > 300


def test_another_seed_gives_another_log() -> None:
    assert records(5) != records(6)


def digest_in_process(seed: int, hash_seed: int) -> str:
    code = (
        "import sys; from importlib import import_module; "
        f"print(import_module('tests.unit.radio.test_reproducibility').digest({seed}))"
    )
    root = __file__.split("/tests/unit/")[0]
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=root,
        env={**os.environ, "PYTHONHASHSEED": str(hash_seed)},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_every_process_gives_the_same_log() -> None:
    assert digest_in_process(5, 1) == digest_in_process(5, 2) == digest(5)
