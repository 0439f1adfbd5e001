"""A phone that only takes alerts: for runs that are about the button alone, and shall be quick."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from button.core.wire import Ack, Alert, AudioAck, AudioPart, Record, Siren
from vigie.phone.link import ButtonLink, FromButton
from vigie.radio.bleak_backend.profile import PhoneProfile
from vigie.radio.bleak_backend.radio import VirtualRadio
from vigie.radio.device import make_station
from vigie.virtual.world import World


class Acknowledger:
    """Says ACK to all it gets, keeps nothing, writes to nobody, and ends recordings at once."""

    def __init__(self, world: World):
        name = world.next_name("phone")
        address = f"C4:F2:17:1A:1F:{int(name[5:]):02X}"
        self._world = world
        self._station = make_station(world.air, name, address, hci_log=world.hci_log)
        self._link: ButtonLink | None = None
        self._up = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self.alerts: list[Alert] = []

    async def connect(self, within_s: float = 10.0) -> None:
        """Find the button and greet it. Raises TimeoutError."""
        await self._station.power_on()
        radio = VirtualRadio(self._station, PhoneProfile())
        self._link = ButtonLink(radio, self)
        self._spawn(self._link.run())
        async with asyncio.timeout(within_s):
            await self._up.wait()

    async def silence(self) -> None:
        """Stop the siren."""
        assert self._link is not None, "it is not connected"
        await self._link.send(Siren(False))

    async def close(self) -> None:
        """Be gone."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._station.silence()

    # --- the link's Listener

    def link_up(self) -> None:
        """See vigie.phone.link.Listener."""
        self._up.set()

    def link_down(self) -> None:
        """See vigie.phone.link.Listener."""
        self._up.clear()

    def heard(self, message: FromButton) -> None:
        """See vigie.phone.link.Listener."""
        if self._link is None:
            return
        if isinstance(message, Alert):
            self.alerts.append(message)
            self._spawn(self._link.send(Ack(message.event_id)))
        elif isinstance(message, AudioPart):
            if message.index == message.offset == 0:
                self._spawn(self._link.send(Record(False)))
            if message.offset + len(message.data) == message.total:
                ack = AudioAck(message.recording, message.index + 1)
                self._spawn(self._link.send(ack))

    def refused(self, why: str) -> None:
        """See vigie.phone.link.Listener."""
        self._world.fail(f"the phone refused what the button said: {why}")

    def troubled(self, why: str) -> None:
        """See vigie.phone.link.Listener."""
        self._world.fail(f"the phone had trouble with the link: {why}")

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = self._world.loop.create_task(work)
        self._tasks = [*(t for t in self._tasks if not t.done()), task]
