"""E-mail through a real SMTP server."""

import hashlib
import os
import ssl
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as WIRE_FORMAT

import aiosmtplib

from vigie.errors import VigieError
from vigie.phone.contacts import SmtpAccount
from vigie.phone.gateways import GatewayRefused, GatewayUnavailable
from vigie.phone.names import clean_name
from vigie.phone.records import Channel, Message

_CLIENT = "[127.0.0.1]"
"""What the phone calls itself. Its real name would travel in the headers of the mail."""


class SmtpGateway:
    """Hands each message to the mail server of the wearer's account, over a connection of its own.

    Args:
        account: where and as whom.
        environment: where the password is.
        tls: the certificates to trust; those of the system by default.
        reply_s: longest wait for any one reply of the server.

    Raises:
        VigieError: by the constructor, when the password is not in the environment.
    """

    channel: Channel = "mail"

    def __init__(
        self,
        account: SmtpAccount,
        environment: Mapping[str, str] = os.environ,
        tls: ssl.SSLContext | None = None,
        reply_s: float = 10.0,
    ):
        self._account = account
        self._tls = tls
        self._reply_s = reply_s
        self._password = None
        if account.password_env:
            self._password = environment.get(account.password_env)
            if not self._password:
                raise VigieError(
                    f"the environment has no {account.password_env}, the password for mail",
                    f"Set it: export {account.password_env}=...",
                )

    async def send(self, message: Message) -> None:
        """Hand a message in. Returning means that the server has taken responsibility for it."""
        mail = _mail(message, self._account.sender)
        async with self._session() as server:
            await server.mail(self._account.sender)
            await server.rcpt(message.address)
            async with _explained(after_data=True):
                await server.data(mail.as_bytes())

    async def check(self) -> str | None:
        """Go as far as the login, and send nothing.

        Returns:
            What is wrong; None if mail could be handed in now.
        """
        try:
            async with self._session() as server:
                await server.noop()
        except GatewayUnavailable as error:
            return str(error)
        return None

    @asynccontextmanager
    async def _session(self) -> AsyncGenerator[aiosmtplib.SMTP]:
        account = self._account
        server = aiosmtplib.SMTP(
            hostname=account.host,
            port=account.port,
            username=account.user,
            password=self._password,
            local_hostname=_CLIENT,
            timeout=self._reply_s,
            start_tls=account.starttls,
            use_tls=account.tls_at_once,
            tls_context=self._tls,
        )
        try:
            async with _explained():
                await server.connect()
                yield server
        finally:
            server.close()  # no QUIT: the server has answered all that matters


_FOR_THIS_MAIL = (
    aiosmtplib.SMTPSenderRefused,
    aiosmtplib.SMTPRecipientRefused,
    aiosmtplib.SMTPDataError,
)
"""Replies to MAIL, RCPT and DATA."""


@asynccontextmanager
async def _explained(after_data: bool = False) -> AsyncGenerator[None]:
    """5xx to MAIL, RCPT or DATA is final (RFC 5321, 4.2.1), everything else is for later.

    A server that refuses the greeting or the login says nothing about this mail: it may be put
    right by the time of the next attempt. After the data only a clear refusal proves that they
    were not taken: silence, or a reply that is none, does not.
    """
    try:
        yield
    except aiosmtplib.SMTPResponseException as error:
        reason = f"{error.code} {error.message}"
        if isinstance(error, aiosmtplib.SMTPAuthenticationError):
            reason = f"the mail server refuses the login: {reason}"
        is_refusal = 400 <= error.code < 600
        if isinstance(error, _FOR_THIS_MAIL) and error.code >= 500 and is_refusal:
            raise GatewayRefused(reason) from error
        raise GatewayUnavailable(reason, after_data and not is_refusal) from error
    except (aiosmtplib.SMTPException, OSError) as error:
        raise GatewayUnavailable(str(error) or type(error).__name__, after_data) from error


def _mail(message: Message, sender: str) -> EmailMessage:
    mail = EmailMessage(policy=WIRE_FORMAT)
    mail["From"] = sender
    mail["To"] = Address(clean_name(message.name), addr_spec=message.address)
    mail["Subject"] = message.subject or ""
    mail["Date"] = datetime.fromtimestamp(message.at_ms / 1000, UTC)
    mail["Message-ID"] = message_id(message, sender)
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday notices in reply
    mail.set_content(message.text or "", cte="quoted-printable")
    return mail


def message_id(message: Message, sender: str) -> str:
    """The same for every attempt at the same message, so that mail programs can tell a repeat.

    It is a hash: ids stand in the logs of every server on the way.
    """
    what = message.event_id.pack() + message.address.encode()
    return f"<{hashlib.sha256(what).hexdigest()[:32]}@{sender.rpartition('@')[2]}>"
