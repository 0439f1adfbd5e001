"""bumble's pairing with a time limit, second attempts, and bonds only where both want them."""

import asyncio
import contextlib

from bumble import hci, smp
from bumble.device import Connection
from bumble.keys import PairingKeys

from vigie.radio.tasks import in_background

TIMEOUT_S = 30.0
"""A pairing fails when so much time passes without a step (Core, vol 3, part H, 3.4)."""


class PairingSession(smp.Session):
    """A pairing. The stock one starts encryption as a task whose errors nobody handles."""

    failed = False

    def start_encryption(self, key: bytes) -> None:
        """Have the controller encrypt the link."""
        in_background(self._start_encryption(key))

    async def _start_encryption(self, key: bytes) -> None:
        # The link may be gone by now; then the session ends with it.
        with contextlib.suppress(hci.HCI_Error):
            await self.manager.device.host.send_async_command(
                hci.HCI_LE_Enable_Encryption_Command(
                    connection_handle=self.connection.handle,
                    random_number=bytes(8),
                    encrypted_diversifier=0,
                    long_term_key=key,
                )
            )


class SecurityManager(smp.Manager):
    """The Security Manager of one device.

    The stock one waits for ever for a silent peer, takes the session of an earlier pairing on the
    connection for that of the next and for the origin of keys, even if it has failed, and bonds
    with peers that do not want to.
    """

    _timers: dict[int, asyncio.TimerHandle]

    def __init__(self, stock: smp.Manager):
        super().__init__(stock.device, stock.pairing_config_factory)
        self.session_proxy = PairingSession
        self._timers = {}

    async def pair(self, connection: Connection) -> None:
        """Pair as the initiator."""
        self._end_completed_session(connection)
        await super().pair(connection)

    def send_command(self, connection: Connection, command: smp.SMP_Command) -> None:
        """Send a step."""
        super().send_command(connection, command)
        self._restart_timer(connection)

    def on_smp_pdu(self, connection: Connection, pdu: bytes) -> None:
        """Take a step of the peer."""
        if pdu[0] == smp.CommandCode.PAIRING_REQUEST:
            self._end_completed_session(connection)
        super().on_smp_pdu(connection, pdu)
        self._restart_timer(connection)

    async def on_pairing(
        self, session: smp.Session, identity_address: hci.Address | None, keys: PairingKeys
    ) -> None:
        """Pairing has succeeded: keep the keys if both sides want a bond."""
        self._stop_timer(session.connection)
        await super().on_pairing(session, identity_address if session.bonding else None, keys)

    def on_pairing_failure(self, session: smp.Session, reason: smp.ErrorCode) -> None:
        """Pairing has failed."""
        self._stop_timer(session.connection)
        if isinstance(session, PairingSession):
            session.failed = True
        super().on_pairing_failure(session, reason)

    def session_with_key(self, connection: Connection) -> smp.Session | None:
        """The pairing on this connection, unless it has failed and so has no key."""
        session = self.sessions.get(connection.handle)
        return None if isinstance(session, PairingSession) and session.failed else session

    def get_long_term_key(self, connection: Connection, rand: bytes, ediv: int) -> bytes | None:
        """The key that a pairing on this connection has made."""
        session = self.session_with_key(connection)
        return session.get_long_term_key(rand, ediv) if session else None

    def on_session_end(self, session: smp.Session) -> None:
        """The connection is gone, or the session makes room for the next."""
        self._stop_timer(session.connection)
        super().on_session_end(session)

    def _end_completed_session(self, connection: Connection) -> None:
        session = self.sessions.get(connection.handle)
        if session and session.completed:
            session.on_disconnection(0)

    def _restart_timer(self, connection: Connection) -> None:
        self._stop_timer(connection)
        session = self.sessions.get(connection.handle)
        if session and not session.completed:
            loop = asyncio.get_running_loop()
            self._timers[connection.handle] = loop.call_later(
                TIMEOUT_S, session.on_pairing_failure, smp.ErrorCode.UNSPECIFIED_REASON
            )

    def _stop_timer(self, connection: Connection) -> None:
        if timer := self._timers.pop(connection.handle, None):
            timer.cancel()
