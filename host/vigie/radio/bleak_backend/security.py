"""Encryption and pairing of one connection, as a phone's operating system does them."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from bleak.exc import BleakError, BleakGATTProtocolError, BleakGATTProtocolErrorCode

from vigie.radio.bleak_backend.phone import Phone
from vigie.radio.bleak_backend.session import Session
from vigie.radio.tasks import in_background

_T = TypeVar("_T")

logger = logging.getLogger(__name__)

_WANT_SECURITY = (
    BleakGATTProtocolErrorCode.INSUFFICIENT_AUTHENTICATION,
    BleakGATTProtocolErrorCode.INSUFFICIENT_ENCRYPTION,
)

_STEPS = 2
"""Encrypting with the keys of a bond may not be enough; a stronger pairing is the second step."""


class LinkSecurity:
    """Secures a link when the application, the bond or the peer wants it.

    Args:
        phone: whose bonds and habits count.
        session: the connection.
    """

    def __init__(self, phone: Phone, session: Session):
        self._phone = phone
        self._session = session
        self._connection = session.connection
        self._lock = asyncio.Lock()
        self._connection.on(self._connection.EVENT_SECURITY_REQUEST, self._on_request)

    async def begin(self, pair: bool) -> None:
        """Encrypt a new connection if there is a bond, or else pair if that is wanted."""
        async with self._lock:
            if await self._bonded():
                await self._session.run(self._connection.encrypt())
            elif pair:
                await self._pair()

    async def pair(self) -> None:
        """Pair, unless that is done already."""
        async with self._lock:
            if not (self._connection.is_encrypted and await self._bonded()):
                await self._pair()

    async def run(self, operation: Callable[[], Coroutine[Any, Any, _T]]) -> _T:
        """Run an operation; if the peer refuses it for want of security, secure and retry."""
        for _ in range(_STEPS):
            strength = self._strength()
            try:
                return await self._session.run(operation())
            except BleakGATTProtocolError as refusal:
                if refusal.code not in _WANT_SECURITY or not self._phone.profile.auto_pair:
                    raise
                await self._strengthen_for(refusal, strength)
        return await self._session.run(operation())

    async def _strengthen_for(
        self, refusal: BleakGATTProtocolError, strength: tuple[bool, bool]
    ) -> None:
        try:
            await self._strengthen(strength)
        except BleakError as failure:
            logger.info("pairing on demand has failed: %s", failure)
            raise refusal from failure

    async def _strengthen(self, strength: tuple[bool, bool]) -> None:
        async with self._lock:
            if self._strength() != strength:
                return  # another operation has done it meanwhile
            if not self._connection.is_encrypted and await self._bonded():
                await self._session.run(self._connection.encrypt())
            else:
                await self._pair()

    async def _pair(self) -> None:
        try:
            await self._session.run(self._connection.pair())
        except BleakError as error:
            raise BleakError(f"pairing has failed: {error}") from error

    def _on_request(self, _auth_req: int) -> None:
        if self._phone.profile.auto_pair:
            in_background(self._grant_request(self._strength()))

    async def _grant_request(self, strength: tuple[bool, bool]) -> None:
        try:
            await self._strengthen(strength)
        except BleakError as failure:
            logger.info("pairing at the peer's request has failed: %s", failure)

    async def _bonded(self) -> bool:
        return await self._phone.has_bond(self._connection.peer_address)

    def _strength(self) -> tuple[bool, bool]:
        return self._connection.is_encrypted, self._connection.authenticated
