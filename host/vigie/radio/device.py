"""Stations: a host stack, its controller and a place on the air."""

from dataclasses import dataclass, field
from typing import Any, Literal

from bumble import hci
from bumble.device import DeviceConfiguration
from bumble.keys import KeyStore

from vigie.radio.air import Air, Position
from vigie.radio.air_device import AirDevice
from vigie.radio.air_host import AirHost
from vigie.radio.controller import AirController
from vigie.radio.hci_log import HciLog
from vigie.radio.pairing import PairingPolicy


@dataclass(frozen=True)
class Station:
    """One boot of something with a Bluetooth radio.

    A reboot makes a new station. Position and losses stay with the name, bonds with the key
    store: pass them on.
    """

    name: str
    air: Air
    controller: AirController
    device: AirDevice
    shared: dict[type[Any], Any] = field(default_factory=dict[type[Any], Any], compare=False)
    """What the programs of this station have in common, by its type."""

    @property
    def silent(self) -> bool:
        """Whether it is dead and will never speak again."""
        return self.controller.silent

    async def power_on(self) -> None:
        """Start the host stack."""
        await self.device.power_on()

    def move(self, position: Position) -> None:
        """Stand somewhere else."""
        self.air.move(self, position)

    def set_pairing(self, policy: PairingPolicy) -> None:
        """Pair like this from now on."""
        self.device.pairing_config_factory = policy.config

    def silence(self) -> None:
        """Die without a word and leave the air. Peers notice after their supervision timeout."""
        self.device.stop_rotating()
        self.controller.silence()

    async def leave(self) -> None:
        """Take leave of all peers and leave the air."""
        if not self.controller.silent:
            await self.device.power_off()
            self.silence()


def make_station(
    air: Air,
    name: str,
    address: str,
    *,
    address_type: Literal["random", "public"] = "random",
    irk: bytes | None = None,
    private: bool = False,
    private_address_s: int = 900,
    keystore: KeyStore | None = None,
    pairing: PairingPolicy | None = None,
    position: Position | None = None,
    hci_log: HciLog | None = None,
) -> Station:
    """Put a station on the air; `power_on` starts it.

    Raises ValueError if another station of that name is on the air.

    Args:
        air: where it lives.
        name: unique among the stations on the air; faults and positions belong to it.
        address: its identity, as in "C4:F2:17:1A:1D:BB".
        address_type: a static random address, or one assigned by the manufacturer.
        irk: identity resolving key; made from the address if None.
        private: advertise and connect with a resolvable private address.
        private_address_s: how long a private address is used; 0 for ever.
        keystore: of an earlier boot, to keep its bonds.
        pairing: how it pairs; Just Works if None.
        position: where it stands; where the name stood before if None.
        hci_log: records what its host and its controller say.
    """
    identity = hci.Address(address, hci.AddressType.RANDOM_DEVICE)
    public = address_type == "public"
    controller = AirController(name, air, _as_public(identity) if public else None, hci_log)
    host = AirHost()
    host.controller = controller
    config = DeviceConfiguration(
        name=name,
        address=_as_static(identity),
        advertising_data=b"",
        irk=irk or (bytes(identity) * 3)[:16],
        le_privacy_enabled=private,
        le_rpa_timeout=private_address_s,
        address_resolution_offload=True,
    )
    own = hci.OwnAddressType.PUBLIC if public and not private else hci.OwnAddressType.RANDOM
    device = AirDevice(config, host, own)
    device.keystore = keystore
    station = Station(name, air, controller, device)
    station.set_pairing(pairing or PairingPolicy())
    if position is not None:
        station.move(position)
    return station


def _as_public(address: hci.Address) -> hci.Address:
    return hci.Address(bytes(address), hci.AddressType.PUBLIC_DEVICE)


def _as_static(address: hci.Address) -> hci.Address:
    octets = bytes(address)
    return hci.Address(octets[:5] + bytes([octets[5] | 0xC0]), hci.AddressType.RANDOM_DEVICE)
