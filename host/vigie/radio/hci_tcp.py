"""HCI over TCP (H4 packets): a host stack in another process lives on this air, and the other way.

Bluetooth stacks that speak H4 can join the virtual air, in a paced world: bumble's `tcp-client:`,
or a phone of this project in another process. Who can reach the port can use the radio.
"""

import asyncio
import contextlib
from dataclasses import dataclass, field
from typing import Any, Protocol

from bumble import core, hci
from bumble.device import DeviceConfiguration
from bumble.transport.common import PacketParser

from vigie.radio.air import Air
from vigie.radio.air_device import AirDevice
from vigie.radio.air_host import AirHost
from vigie.radio.controller import AirController
from vigie.radio.hci_log import HciLog

_READ = 4096


class _Sink(Protocol):
    def on_packet(self, packet: bytes) -> None: ...


class _Line:
    """The far end of a connection, as somebody to whom packets are handed."""

    def __init__(self, writer: asyncio.StreamWriter):
        self._writer = writer

    def on_packet(self, packet: bytes) -> None:
        """Send a packet there."""
        if not self._writer.is_closing():
            self._writer.write(packet)


async def _pass_on(reader: asyncio.StreamReader, sink: _Sink) -> None:
    """Give `sink` every packet until the connection ends or something else is said on it."""
    parser = PacketParser(sink)
    with contextlib.suppress(OSError, core.InvalidPacketError):
        while data := await reader.read(_READ):
            parser.feed_data(data)


class ControllerServer:
    """Gives everybody who connects a controller of their own on the air.

    Args:
        air: where the controllers are.
        hci_log: records what they and their hosts say.
    """

    def __init__(self, air: Air, hci_log: HciLog | None = None):
        self._air = air
        self._log = hci_log
        self._count = 0
        self._server: asyncio.Server | None = None
        self._open: dict[asyncio.StreamWriter, AirController] = {}

    async def listen(self, port: int = 0, host: str = "127.0.0.1") -> int:
        """Begin; the port, which the system chooses for 0. Raises OSError."""
        self._server = await asyncio.start_server(self._serve, host, port)
        return self.port

    @property
    def port(self) -> int:
        """Where it listens."""
        assert self._server, "nobody listens"
        return int(self._server.sockets[0].getsockname()[1])

    def close(self) -> None:
        """Silence all controllers and listen no more."""
        if self._server:
            self._server.close()
        for writer, controller in self._open.items():
            controller.silence()
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._count += 1
        controller = AirController(f"hci{self._count}", self._air, None, self._log)
        controller.host = _Line(writer)
        self._open[writer] = controller
        try:
            await _pass_on(reader, controller)
        finally:
            del self._open[writer]
            controller.silence()
            writer.close()


@dataclass(frozen=True)
class RemoteStation:
    """A host stack here whose controller is behind a TCP connection."""

    name: str
    device: AirDevice
    shared: dict[type[Any], Any] = field(default_factory=dict[type[Any], Any], compare=False)
    _writer: asyncio.StreamWriter | None = field(default=None, compare=False)
    _reading: asyncio.Task[None] | None = field(default=None, compare=False)

    @property
    def silent(self) -> bool:
        """Whether the connection is gone: nothing more will be heard."""
        return self._reading is None or self._reading.done()

    async def ended(self) -> None:
        """Wait until it is silent."""
        if self._reading:
            await asyncio.wait([self._reading])

    def silence(self) -> None:
        """End the connection: for the air, this radio is dead from now on."""
        self.device.stop_rotating()
        if self._reading:
            self._reading.cancel()
        if self._writer:
            self._writer.close()


async def connect(name: str, address: str, host: str, port: int) -> RemoteStation:
    """A station whose controller is at this TCP port, powered on.

    Args:
        name: for messages.
        address: its static random address, such as "C4:F2:17:1A:1E:01".
        host: where the controller is.
        port: its TCP port.

    Raises:
        OSError: nobody listens there.
        TimeoutError: what listens does not answer like a controller.
    """
    reader, writer = await asyncio.open_connection(host, port)
    stack = AirHost()
    stack.set_packet_sink(_Line(writer))
    identity = hci.Address(address, hci.AddressType.RANDOM_DEVICE)
    config = DeviceConfiguration(
        name=name, address=identity, advertising_data=b"", irk=(bytes(identity) * 3)[:16]
    )
    device = AirDevice(config, stack, hci.OwnAddressType.RANDOM)
    reading = asyncio.get_running_loop().create_task(_pass_on(reader, stack))
    station = RemoteStation(name, device, _writer=writer, _reading=reading)
    try:
        async with asyncio.timeout(10):
            await device.power_on()
    except BaseException:
        station.silence()
        raise
    return station
