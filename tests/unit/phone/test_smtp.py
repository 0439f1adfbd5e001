"""Mail through a real server on this machine, with all its moods."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from button.core.wire import EventId
from vigie.phone.gateways import GatewayRefused, GatewayUnavailable
from vigie.phone.records import Message
from vigie.phone.smtp import SmtpGateway

from .mail_server import MESSAGE, Server, account, serving


def send_to(server: Server, message: Message = MESSAGE, reply_s: float = 10) -> None:
    async def story() -> None:
        async with serving(server) as port:
            await SmtpGateway(account(port), reply_s=reply_s).send(message)

    asyncio.run(story())


def test_a_mail_arrives_as_written() -> None:
    server = Server()
    send_to(server)
    ((sender, recipients, mail),) = server.mails
    assert sender == "claire@example.org"
    assert recipients == ["anais@example.org"]
    assert mail["From"] == "claire@example.org"
    assert mail["To"].addresses[0].display_name == "Anaïs, dite « Na »"
    assert mail["To"].addresses[0].addr_spec == "anais@example.org"
    assert mail["Subject"] == MESSAGE.subject
    assert mail["Date"].datetime == datetime(2026, 3, 12, 13, 32, 5, tzinfo=UTC)
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Content-Type"].params["charset"] == "utf-8"
    assert mail.get_content().replace("\r\n", "\n") == MESSAGE.text
    mail.as_bytes().decode("ascii")  # passes servers of any age


def test_the_phone_does_not_tell_its_name() -> None:
    server = Server()
    send_to(server)
    assert server.greetings == ["[127.0.0.1]"]


def test_a_repeat_has_the_same_message_id_and_others_have_not() -> None:
    server = Server()
    send_to(server)
    send_to(server, replace(MESSAGE, attempts=2, repeat=True, at_ms=0, text="(répétition)"))
    send_to(server, replace(MESSAGE, address="karim@example.org"))
    send_to(server, replace(MESSAGE, event_id=EventId(b"12345678", 4)))
    ids = [str(mail["Message-ID"]) for _, _, mail in server.mails]
    assert ids[0] == ids[1]
    assert len(set(ids)) == 3
    assert all(i.startswith("<") and i.endswith("@example.org>") and len(i) == 46 for i in ids)


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
def test_4xx_is_for_later_and_5xx_is_final(command: str) -> None:
    with pytest.raises(GatewayUnavailable, match="451 come back later") as caught:
        send_to(Server({command: "451 come back later"}))
    assert not caught.value.perhaps_sent
    with pytest.raises(GatewayRefused, match="500 never"):
        send_to(Server({command: "500 never"}))


@pytest.mark.parametrize(("command", "perhaps_sent"), [("RCPT", False), ("DATA", True)])
def test_a_server_that_hangs(command: str, perhaps_sent: bool) -> None:
    with pytest.raises(GatewayUnavailable) as caught:
        send_to(Server(hangs_at=command), reply_s=0.05)
    assert caught.value.perhaps_sent == perhaps_sent
    assert str(caught.value)


def break_off_at(
    command: bytes,
) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]:
    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example.org\r\n")
        while not (line := await reader.readline()).startswith(command):
            writer.write(b"354 go\r\n" if line.startswith(b"DATA") else b"250 OK\r\n")
            if line.startswith(b"DATA"):
                await reader.readuntil(b"\r\n.\r\n")
                break
        writer.close()
        await writer.wait_closed()

    return handle


@pytest.mark.parametrize(("command", "perhaps_sent"), [(b"RCPT", False), (b"QUIT", True)])
def test_a_server_that_breaks_off(command: bytes, perhaps_sent: bool) -> None:
    async def story() -> None:
        listener = await asyncio.start_server(break_off_at(command), "127.0.0.1", 0)
        async with listener:
            port = listener.sockets[0].getsockname()[1]
            with pytest.raises(GatewayUnavailable) as caught:
                await SmtpGateway(account(port)).send(MESSAGE)
            assert caught.value.perhaps_sent == perhaps_sent

    asyncio.run(story())


def answering(
    replies: dict[bytes, bytes], greeting: bytes = b"220 mail.example.org"
) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]:
    """A server that gives these replies, to DATA after it, and 250 to everything else."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(greeting + b"\r\n")
        try:
            while line := await reader.readline():
                if line.startswith(b"DATA"):
                    writer.write(b"354 go\r\n")
                    await reader.readuntil(b"\r\n.\r\n")
                writer.write(replies.get(line[:4], b"250 OK") + b"\r\n")
        finally:
            writer.close()

    return handle


def refusal_of(
    handle: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
) -> GatewayUnavailable:
    """What a server makes of a mail that it does not take now."""

    async def story() -> GatewayUnavailable:
        async with await asyncio.start_server(handle, "127.0.0.1", 0) as listener:
            port = listener.sockets[0].getsockname()[1]
            with pytest.raises(GatewayUnavailable) as caught:
                await SmtpGateway(account(port)).send(MESSAGE)
            return caught.value

    return asyncio.run(story())


@pytest.mark.parametrize(
    ("replies", "greeting"),
    [({}, b"554 go away"), ({b"EHLO": b"554 go away", b"HELO": b"554 go away"}, b"220 hello")],
)
def test_a_server_that_refuses_the_greeting_says_nothing_about_this_mail(
    replies: dict[bytes, bytes], greeting: bytes
) -> None:
    refusal = refusal_of(answering(replies, greeting))
    assert "554 go away" in str(refusal)
    assert not refusal.perhaps_sent


@pytest.mark.parametrize(("command", "perhaps_sent"), [(b"RCPT", False), (b"DATA", True)])
def test_after_the_data_a_garbled_reply_may_have_been_a_yes(
    command: bytes, perhaps_sent: bool
) -> None:
    assert refusal_of(answering({command: b"\xff?!"})).perhaps_sent == perhaps_sent


def test_no_server_at_all() -> None:
    async def story() -> None:
        async with serving(Server()) as port:
            pass
        with pytest.raises(GatewayUnavailable) as caught:
            await SmtpGateway(account(port)).send(MESSAGE)
        assert not caught.value.perhaps_sent

    asyncio.run(story())


def test_a_send_that_is_cancelled_hangs_up() -> None:
    async def story() -> None:
        hung_up = asyncio.Event()

        async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"220 mail.example.org\r\n")
            await reader.readline()
            assert await reader.read() == b""
            hung_up.set()
            writer.close()

        async with await asyncio.start_server(silent, "127.0.0.1", 0) as listener:
            port = listener.sockets[0].getsockname()[1]
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(SmtpGateway(account(port)).send(MESSAGE), 0.1)
            await asyncio.wait_for(hung_up.wait(), 5)

    asyncio.run(story())
