"""What a bench phone's radio is: on the virtual air, this computer's adapter, or behind HCI."""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Protocol

from bleak import BleakClient, BleakScanner
from bleak.backends.device import BLEDevice
from bleak.exc import BleakError

from vigie.bench.protocol import Unable
from vigie.phone.link import NoBluetooth
from vigie.radio.bleak_backend.profile import PhoneProfile
from vigie.radio.bleak_backend.radio import DEFAULT_TIMEOUT_S, VirtualRadio
from vigie.radio.device import Station, make_station
from vigie.radio.hci_tcp import RemoteStation, connect
from vigie.virtual.world import World


class Antenna(Protocol):
    """A radio, and what a person with a phone in the hand can do to it."""

    @property
    def station(self) -> Station | None:
        """On the virtual air, while it is switched on."""
        ...

    async def radio(self) -> "VirtualRadio | AdapterAntenna":
        """Switch it on, if it is not."""
        ...

    def silence(self) -> None:
        """Switch it off without a word."""
        ...

    def walk_to(self, metres: float) -> None:
        """Be this far from the button."""
        ...

    def carry_at_most(self, mtu: int) -> None:
        """Have connections of this MTU, from the next start on."""
        ...

    def lose(self, probability: float) -> None:
        """Lose this share of all packets between phone and button."""
        ...


class AirAntenna:
    """A station of its own on the air of a world."""

    def __init__(self, world: World, name: str):
        self._world = world
        self.name = name
        self._address = f"C4:F2:17:1A:1E:{int(name[5:]):02X}"
        self._profile = PhoneProfile()
        self.station: Station | None = None

    async def radio(self) -> VirtualRadio:
        """See Antenna."""
        if self.station is None:
            self.station = make_station(
                self._world.air, self.name, self._address, hci_log=self._world.hci_log
            )
            await self.station.power_on()
        return VirtualRadio(self.station, self._profile)

    def silence(self) -> None:
        """Nobody says goodbye to the button."""
        if self.station:
            self.station.silence()
            self.station = None

    def walk_to(self, metres: float) -> None:
        """See Antenna."""
        if self.station:
            self.station.move((metres, 0.0))

    def carry_at_most(self, mtu: int) -> None:
        """See Antenna."""
        self._profile = replace(self._profile, mtu=mtu)

    def lose(self, probability: float) -> None:
        """See Antenna."""
        for board in self._world.board_names:
            self._world.air.set_loss(self, board, probability)


class HciAntenna:
    """A controller in another process, behind a TCP port (`vigie board --bench`).

    Args:
        place: HOST:PORT.
        number: makes its address; another one for each phone.
    """

    station = None

    def __init__(self, place: str, number: int = 1):
        host, _, port = place.rpartition(":")
        self._host, self._port = host, int(port)
        self._address = f"C4:F2:17:1A:1D:{number:02X}"
        self._remote: RemoteStation | None = None

    async def radio(self) -> VirtualRadio:
        """See Antenna. Raises NoBluetooth."""
        if self._remote is None:
            try:
                self._remote = await connect("phone", self._address, self._host, self._port)
            except (OSError, TimeoutError) as e:
                raise NoBluetooth(str(e) or "the controller does not answer") from None
        return VirtualRadio(self._remote, PhoneProfile())

    def silence(self) -> None:
        """Nobody says goodbye to the button."""
        if self._remote:
            self._remote.silence()
            self._remote = None

    async def close(self) -> None:
        """See AdapterAntenna."""
        self.silence()

    async def check(self) -> None:
        """Raise NoBluetooth unless a controller answers."""
        await self.radio()
        self.silence()

    def walk_to(self, metres: float) -> None:
        """The air is another process's."""
        raise Unable("phone", "distance")

    def carry_at_most(self, mtu: int) -> None:
        """No test needs it here."""
        raise Unable("phone", "mtu")

    def lose(self, probability: float) -> None:
        """The air is another process's."""
        raise Unable("phone", "distance")


class AdapterAntenna:
    """A Bluetooth adapter of this computer, through bleak.

    Args:
        adapter: which, such as "hci1" on Linux; the usual one without it.
    """

    station = None

    def __init__(self, adapter: str = ""):
        self._which: dict[str, Any] = {"bluez": {"adapter": adapter}} if adapter else {}
        self._clients: list[BleakClient] = []
        self._leaving: set[asyncio.Task[None]] = set()

    async def radio(self) -> "AdapterAntenna":
        """See Antenna."""
        return self

    def client(
        self,
        device: BLEDevice,
        disconnected_callback: Callable[[BleakClient], None] | None = None,
        timeout: float = DEFAULT_TIMEOUT_S,
    ) -> BleakClient:
        """See vigie.phone.link.Radio."""
        client = BleakClient(device, disconnected_callback, timeout=timeout, **self._which)
        self._clients.append(client)
        return client

    def scanner(
        self,
        detection_callback: Callable[..., None] | None = None,
        service_uuids: list[str] | None = None,
    ) -> BleakScanner:
        """See vigie.phone.link.Radio."""
        return BleakScanner(detection_callback, service_uuids, **self._which)

    def silence(self) -> None:
        """The system keeps connections of a program that is killed: they are taken down."""
        for client in self._clients:
            task = asyncio.get_running_loop().create_task(self._leave(client))
            self._leaving.add(task)
            task.add_done_callback(self._leaving.discard)
        self._clients.clear()

    async def _leave(self, client: BleakClient) -> None:
        with contextlib.suppress(BleakError, OSError, EOFError):  # it is gone already
            await client.disconnect()

    async def close(self) -> None:
        """Leave nothing connected."""
        self.silence()
        await asyncio.gather(*self._leaving)

    async def check(self) -> None:
        """Raise NoBluetooth unless there is an adapter that can look for buttons."""
        try:
            async with self.scanner():
                pass
        except (BleakError, OSError) as e:
            raise NoBluetooth(str(e)) from None

    def walk_to(self, metres: float) -> None:
        """A computer does not walk."""
        raise Unable("phone", "distance")

    def carry_at_most(self, mtu: int) -> None:
        """Its stack decides."""
        raise Unable("phone", "mtu")

    def lose(self, probability: float) -> None:
        """Real air loses what it loses."""
        raise Unable("phone", "distance")


def bench_antenna(kind: str, place: str, number: int = 1) -> HciAntenna | AdapterAntenna:
    """The radio of a phone on a bench of hardware.

    Args:
        kind: "hci" or "adapter".
        place: HOST:PORT, or which adapter.
        number: makes the address of the former.
    """
    return HciAntenna(place, number) if kind == "hci" else AdapterAntenna(place)
