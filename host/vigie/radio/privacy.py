"""Controller privacy: the resolving list, own addresses that rotate, peers behind theirs."""

import asyncio
from dataclasses import dataclass

from bumble import crypto, hci

from vigie.radio.replies import INVALID, OK, UNSUPPORTED, Command, Handlers, status

DEFAULT_ROTATION_S = 900.0

_NO_KEY = bytes(16)
_DEVICE_PRIVACY = 1


@dataclass(frozen=True)
class _Entry:
    peer_irk: bytes
    local_irk: bytes


class Privacy:
    """The resolving list of a controller.

    Args:
        size: how many peers it holds.
    """

    def __init__(self, size: int):
        self._size = size
        self.reset()

    def reset(self) -> None:
        """Forget everything."""
        self._enabled = False
        self._rotation_s = DEFAULT_ROTATION_S
        self._entries: dict[hci.Address, _Entry] = {}
        self._own: dict[bytes, tuple[hci.Address, float]] = {}

    def handlers(self) -> Handlers:
        """The commands this part answers."""
        return {
            "HCI_LE_ADD_DEVICE_TO_RESOLVING_LIST_COMMAND": self._add,
            "HCI_LE_REMOVE_DEVICE_FROM_RESOLVING_LIST_COMMAND": self._remove,
            "HCI_LE_CLEAR_RESOLVING_LIST_COMMAND": self._clear,
            "HCI_LE_SET_ADDRESS_RESOLUTION_ENABLE_COMMAND": self._enable,
            "HCI_LE_SET_RESOLVABLE_PRIVATE_ADDRESS_TIMEOUT_COMMAND": self._set_rotation,
            "HCI_LE_SET_PRIVACY_MODE_COMMAND": self._set_mode,
        }

    def identity_of(self, address: hci.Address) -> hci.Address | None:
        """Who is behind an address, as a resolved address; None if that is not known."""
        if not (self._enabled and address.is_resolvable):
            return None
        hashed, random_part = bytes(address)[:3], bytes(address)[3:]
        for identity, entry in self._entries.items():
            if entry.peer_irk != _NO_KEY and crypto.ah(entry.peer_irk, random_part) == hashed:
                return hci.Address(bytes(identity), hci.AddressType(identity.address_type + 2))
        return None

    def own_address(self, peer: hci.Address) -> hci.Address | None:
        """The resolvable address to show to a peer; None without a local key."""
        entry = self._entries.get(_device_address(peer)) or next(
            (e for e in self._entries.values() if e.local_irk != _NO_KEY), None
        )
        if entry is None or entry.local_irk == _NO_KEY:
            return None
        now_s = asyncio.get_running_loop().time()
        address, until_s = self._own.get(entry.local_irk, (None, 0.0))
        if address is None or now_s >= until_s:
            address = hci.Address.generate_private_address(entry.local_irk)
            self._own[entry.local_irk] = (address, now_s + self._rotation_s)
        return address

    def _add(self, command: Command) -> hci.HCI_ReturnParameters:
        if len(self._entries) >= self._size:
            return status(hci.HCI_ErrorCode.MEMORY_CAPACITY_EXCEEDED_ERROR)
        identity = _device_address(command.peer_identity_address)
        self._entries[identity] = _Entry(command.peer_irk, command.local_irk)
        return OK

    def _remove(self, command: Command) -> hci.HCI_ReturnParameters:
        # bumble has no class for this command.
        address_type, address = command.parameters[0], command.parameters[1:7]
        identity = hci.Address(address, hci.AddressType(address_type))
        if self._entries.pop(identity, None) is None:
            return status(hci.HCI_ErrorCode.UNKNOWN_CONNECTION_IDENTIFIER_ERROR)
        return OK

    def _clear(self, _command: Command) -> hci.HCI_ReturnParameters:
        self._entries.clear()
        return OK

    def _enable(self, command: Command) -> hci.HCI_ReturnParameters:
        if command.address_resolution_enable not in (0, 1):
            return INVALID
        self._enabled = command.address_resolution_enable == 1
        return OK

    def _set_rotation(self, command: Command) -> hci.HCI_ReturnParameters:
        self._rotation_s = float(command.rpa_timeout)
        return OK

    def _set_mode(self, command: Command) -> hci.HCI_ReturnParameters:
        # In network mode a controller would ignore peers that show their identity address.
        return OK if command.privacy_mode == _DEVICE_PRIVACY else UNSUPPORTED


def _device_address(address: hci.Address) -> hci.Address:
    kind = hci.AddressType.PUBLIC_DEVICE if address.is_public else hci.AddressType.RANDOM_DEVICE
    return hci.Address(bytes(address), kind)
