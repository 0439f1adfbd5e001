"""Pairing as NimBLE does it, and bonds that the program keeps as secrets.

The stack asks the program for each secret and gives it each new one. A program that keeps none has
no bonds, and its device the one identity key that every such device in the world has.
"""

import asyncio
import json

from bumble import hci
from bumble.keys import KeyStore, PairingKeys
from bumble.pairing import PairingConfig, PairingDelegate

from vigie.radio.nimble.events import Handler, Irq

OUR_SECRET, PEER_SECRET, OUR_IDENTITY = 1, 2, 10
IRK_KEY = b"irk"
FIXED_IRK = bytes.fromhex("ef8de2164fec430dbf5bdd34c0531eb8")
"""NimBLE's default identity resolving key: public, so it hides nobody (ble_hs_pvcy.c)."""
_DISPLAY_ONLY, _DISPLAY_YES_NO, _KEYBOARD_ONLY, _NO_INPUT_NO_OUTPUT, _KEYBOARD_DISPLAY = range(5)
_INPUT, _DISPLAY, _COMPARE = 2, 3, 4

_IO = {
    _DISPLAY_ONLY: PairingDelegate.DISPLAY_OUTPUT_ONLY,
    _DISPLAY_YES_NO: PairingDelegate.DISPLAY_OUTPUT_AND_YES_NO_INPUT,
    _KEYBOARD_ONLY: PairingDelegate.KEYBOARD_INPUT_ONLY,
    _NO_INPUT_NO_OUTPUT: PairingDelegate.NO_OUTPUT_NO_INPUT,
    _KEYBOARD_DISPLAY: PairingDelegate.DISPLAY_OUTPUT_AND_KEYBOARD_INPUT,
}


def address_key(address: hci.Address) -> bytes:
    """How NimBLE writes an address in a secret's key: type and six bytes."""
    kind = 0 if address.is_public else 1
    return bytes([kind]) + bytes(address)


class SecretStore(KeyStore):
    """Bonds, kept by the program behind GET_SECRET and SET_SECRET."""

    def __init__(self, handler: Handler):
        self._handler = handler

    async def get(self, name: str) -> PairingKeys | None:
        """The bond with a peer, if the program has it."""
        key = address_key(hci.Address(name))
        _, secret = await self._handler.ask(Irq.GET_SECRET, PEER_SECRET, 0, key)
        return _keys(secret)

    async def get_all(self) -> list[tuple[str, PairingKeys]]:
        """All bonds: the program is asked for one index after the other."""
        bonds: list[tuple[str, PairingKeys]] = []
        index = 0
        while True:
            _, secret = await self._handler.ask(Irq.GET_SECRET, PEER_SECRET, index, None)
            if secret is None:
                return bonds
            if keys := _keys(secret):
                bonds.append((json.loads(secret)["name"], keys))
            index += 1

    async def update(self, name: str, keys: PairingKeys) -> None:
        """Give the program a new bond, both halves of it."""
        key = address_key(hci.Address(name))
        secret = json.dumps({"name": name, **keys.to_dict()}).encode()
        for kind in (OUR_SECRET, PEER_SECRET):
            await self._handler.ask(Irq.SET_SECRET, kind, key, secret)

    async def delete(self, name: str) -> None:
        """Have the program forget a bond."""
        key = address_key(hci.Address(name))
        for kind in (OUR_SECRET, PEER_SECRET):
            await self._handler.ask(Irq.SET_SECRET, kind, key, None)


def _keys(secret: bytes | None) -> PairingKeys | None:
    """What does not look like ours (another firmware's, a damaged one) counts as absent."""
    if not secret:
        return None
    try:
        return PairingKeys.from_dict(json.loads(secret))
    except (ValueError, KeyError, TypeError):
        return None


class Pairing:
    """How the device pairs: set with `config`, answered with `gap_passkey`."""

    def __init__(self, handler: Handler):
        self._handler = handler
        self.bond = False
        self.mitm = False
        self.le_secure = False
        self.io = _NO_INPUT_NO_OUTPUT
        self._passkey: asyncio.Future[int] | None = None

    def config(self, number: int) -> PairingConfig:
        """For one connection, by the program's number."""
        delegate = _Delegate(self, number)
        return PairingConfig(
            sc=self.le_secure, mitm=self.mitm, bonding=self.bond, delegate=delegate
        )

    def answer(self, passkey: int) -> None:
        """The program says the passkey, or 1 or 0 to a comparison."""
        if self._passkey and not self._passkey.done():
            self._passkey.set_result(passkey)

    async def ask(self, number: int, action: int, shown: int) -> int:
        """Have the program act; what it answers with `gap_passkey`."""
        self._passkey = asyncio.get_running_loop().create_future()
        self._handler.tell(Irq.PASSKEY_ACTION, number, action, shown)
        return await self._passkey


class _Delegate(PairingDelegate):
    def __init__(self, pairing: Pairing, number: int):
        super().__init__(_IO[pairing.io])
        self._pairing = pairing
        self._number = number

    async def generate_passkey(self) -> int:
        return await self._pairing.ask(self._number, _DISPLAY, 0)

    async def display_number(self, number: int, digits: int) -> None:
        pass  # the program chose it and shows it itself

    async def get_number(self) -> int | None:
        return await self._pairing.ask(self._number, _INPUT, 0)

    async def compare_numbers(self, number: int, digits: int) -> bool:
        return bool(await self._pairing.ask(self._number, _COMPARE, number))
