"""How a station pairs: what it demands, and how its user sees and enters numbers."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bumble.device import Connection
from bumble.pairing import PairingConfig, PairingDelegate

IoCapability = PairingDelegate.IoCapability
"""What a station has for showing and entering numbers."""


async def _nothing_to_enter() -> int | None:
    return None


async def _never(_number: int) -> bool:
    return False


def _show_nobody(_number: int) -> None:
    pass


@dataclass(frozen=True)
class PairingPolicy:
    """What a station wants of pairing, and its user's part in it.

    The default is Just Works: encrypted and bonded, but open to a man in the middle.
    """

    io: IoCapability = IoCapability.NO_OUTPUT_NO_INPUT
    mitm: bool = False
    """Demand protection against a man in the middle."""
    bonding: bool = True
    secure_connections: bool = True
    accept: bool = True
    """Whether the user agrees to pair when a peer asks."""
    show_number: Callable[[int], None] = _show_nobody
    """Shows a passkey to the user."""
    enter_number: Callable[[], Awaitable[int | None]] = _nothing_to_enter
    """Waits for the user to enter the passkey that the peer shows; None if they refuse."""
    confirm_number: Callable[[int], Awaitable[bool]] = _never
    """Asks the user whether the peer shows the same number."""

    def config(self, _connection: Connection) -> PairingConfig:
        """The same for bumble."""
        return PairingConfig(
            sc=self.secure_connections,
            mitm=self.mitm,
            bonding=self.bonding,
            delegate=_Delegate(self),
        )


class _Delegate(PairingDelegate):
    def __init__(self, policy: PairingPolicy):
        super().__init__(policy.io)
        self._policy = policy

    async def accept(self) -> bool:
        return self._policy.accept

    async def generate_passkey(self) -> int:
        # bumble takes the passkey 000000 for none at all and never ends the pairing.
        return await super().generate_passkey() or 1

    async def display_number(self, number: int, digits: int) -> None:
        self._policy.show_number(number)

    async def get_number(self) -> int | None:
        return await self._policy.enter_number()

    async def compare_numbers(self, number: int, digits: int) -> bool:
        return await self._policy.confirm_number(number)
