"""A mail server on this machine, with moods."""

# aiosmtpd has no types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownParameterType=false, reportMissingParameterType=false, reportUnknownArgumentType=false

import asyncio
import email
import email.policy
import ssl
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP

from button.core.wire import EventId
from vigie.phone.contacts import SmtpAccount
from vigie.phone.records import Message

MESSAGE = Message(
    7,
    EventId(b"12345678", 3),
    "+33199001234",
    "Anaïs, dite « Na »",
    "mail",
    "anais@example.org",
    "sending",
    1,
    False,
    1_773_322_325_000,
    subject="URGENT : Claire a besoin d'aide (14:32), peut-être",
    text="Première ligne, longue. " * 10 + "\n.\nfin\n",
)


@dataclass
class Server:
    """A mail server. `replies` says what it answers to a command instead of taking part."""

    replies: dict[str, str] = field(default_factory=dict[str, str])
    hangs_at: str = ""
    mails: list[tuple[str, list[str], EmailMessage]] = field(
        default_factory=list[tuple[str, list[str], EmailMessage]]
    )
    greetings: list[str] = field(default_factory=list[str])

    async def _reply(self, command: str, usual: str) -> str:
        if command == self.hangs_at:
            await asyncio.Event().wait()
        return self.replies.get(command, usual)

    async def handle_EHLO(
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        self.greetings.append(hostname)
        session.host_name = hostname
        return responses

    async def handle_MAIL(
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return await self._reply("MAIL", "250 OK")

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        envelope.rcpt_tos.append(address)
        return await self._reply("RCPT", "250 OK")

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        mail = email.message_from_bytes(envelope.content, policy=email.policy.SMTP)
        reply = await self._reply("DATA", "250 OK")
        if reply.startswith("250"):
            self.mails.append((envelope.mail_from, list(envelope.rcpt_tos), mail))
        return reply


@asynccontextmanager
async def serving(
    server: Server, tls_at_once: ssl.SSLContext | None = None, **options: Any
) -> AsyncGenerator[int]:
    """The server at a port of its own."""
    listener = await asyncio.get_running_loop().create_server(
        lambda: SMTP(server, hostname="mail.example.org", **options),
        "127.0.0.1",
        0,
        ssl=tls_at_once,
    )
    try:
        yield listener.sockets[0].getsockname()[1]
    finally:
        listener.close()
        await listener.wait_closed()


def account(port: int, starttls: bool = False) -> SmtpAccount:
    return SmtpAccount("127.0.0.1", "claire@example.org", port, starttls)
