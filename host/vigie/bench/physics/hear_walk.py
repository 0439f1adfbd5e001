"""Listens for a button's advertisements while a person walks."""

import asyncio
from typing import Any

from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData

from button.core.wire import SERVICE_UUID
from vigie.bench.antennas import Antenna
from vigie.bench.physics.walk import Heard


async def hear(antenna: Antenna, walking: asyncio.Future[Any]) -> tuple[list[Heard], float]:
    """What is heard until the walk is over, and how long it was; seconds since it began."""
    now_s = asyncio.get_running_loop().time
    began_s = now_s()
    heard: list[Heard] = []

    def note(device: BLEDevice, advertisement: AdvertisementData) -> None:
        heard.append(Heard(now_s() - began_s, advertisement.rssi))

    radio = await antenna.radio()
    async with radio.scanner(detection_callback=note, service_uuids=[SERVICE_UUID]):
        await walking
    return heard, now_s() - began_s
