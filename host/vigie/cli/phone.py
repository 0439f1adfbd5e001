"""`vigie phone`: the phone on this computer, against a real button."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Generator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from vigie.cli.folders import folder, writable
from vigie.cli.phone_lines import line, outcome_line
from vigie.cli.screen import Screen
from vigie.paths import DEMO, OUT
from vigie.phone import events
from vigie.phone.contacts import AddressBook, load_contacts
from vigie.phone.evidence.inbox import Inbox
from vigie.phone.gateways import Gateway, NoGateway, RecordedGateway
from vigie.phone.link import SystemRadio
from vigie.phone.outbox import Outbox
from vigie.phone.patience import Patience
from vigie.phone.phone import Phone
from vigie.phone.position import NoPosition, PositionSource, TrackPosition
from vigie.phone.records import CHANNELS
from vigie.phone.smtp import SmtpGateway
from vigie.phone.track import load_track

_NO_WAY_OUT = "only recorded: this computer has no way out for it"


def command(
    contacts: Annotated[
        Path, typer.Option(help="Who gets the messages.", show_default="demo/contacts.toml")
    ] = DEMO / "contacts.toml",
    gpx: Annotated[
        Path | None, typer.Option(help="A walk to play as the position; none without it.")
    ] = None,
    out: Annotated[
        Path,
        typer.Option(
            help="Folder of the outbox, the log and recordings.",
            parser=folder,
            metavar="<path>",
            show_default="out/phone",
        ),
    ] = OUT / "phone",
    pretend: Annotated[
        bool,
        typer.Option(
            "--pretend",
            help="For tests of a button: have it say that what is only recorded was handed over.",
        ),
    ] = False,
) -> None:
    """Be the phone of a real button, through this computer's Bluetooth adapter.

    SMS and calls are only recorded in the outbox: nobody is told, and the button says so. E-mails
    go out if the contacts file has a table [smtp].

    Example: `vigie phone --contacts my-contacts.toml`
    """
    book = load_contacts(contacts)
    position: PositionSource = NoPosition()
    if gpx is not None:
        position = TrackPosition(load_track(gpx), time.monotonic())
    mail = SmtpGateway(book.smtp) if book.smtp else None
    out = writable(out)
    outbox = Outbox(out / "outbox.sqlite")
    try:
        with _log(out / "phone.log"):
            asyncio.run(_run(book, outbox, Inbox(out / "evidence"), position, mail, pretend))
    finally:
        outbox.close()


async def _run(
    book: AddressBook,
    outbox: Outbox,
    inbox: Inbox,
    position: PositionSource,
    mail: SmtpGateway | None,
    pretend: bool,
) -> None:
    screen = Screen()
    phone = Phone(
        SystemRadio(),
        book,
        outbox,
        _gateways(mail, pretend),
        position,
        now=time.monotonic,
        wall_clock=wall_clock,
        patience=Patience(fix_wait_s=0) if isinstance(position, NoPosition) else Patience(),
        inbox=inbox,
    )
    phone.transcript.hear.append(lambda event: show(screen, phone, event))
    for warning in warnings(book, pretend):
        screen.print(Text(warning, "bold red"), soft_wrap=True)
    screen.print("Looking for a button. Ctrl-C ends.")
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(phone.run())
        if mail:
            tasks.create_task(_check_mail(screen, mail))


def warnings(book: AddressBook, pretend: bool) -> list[str]:
    """What nobody should find out during an alert."""
    if book.smtp:
        what = "SMS and calls are only recorded: nobody is told by them."
        what += f" E-mails go out through {book.smtp.host}."
    else:
        what = "SMS and calls are only recorded: nobody is told. E-mails too: there is no [smtp]."
    if pretend:
        return [what, 'PRETENDING: the button says "handed over" all the same.']
    return [what, "The wearer is told that every alert FAILED. To test a button: --pretend."]


def wall_clock(now_s: float) -> datetime:
    """The date and time at a time of the monotonic clock.

    Made anew at each call: that clock stands still while a computer sleeps, and the other is set.
    """
    return datetime.fromtimestamp(time.time() + now_s - time.monotonic(), UTC)


def _gateways(mail: SmtpGateway | None, pretend: bool) -> list[Gateway]:
    made: list[Gateway] = []
    for channel in CHANNELS:
        if channel == "mail" and mail:
            made.append(mail)
        elif pretend:
            made.append(RecordedGateway(channel))
        else:
            made.append(NoGateway(channel, _NO_WAY_OUT))
    return made


async def _check_mail(screen: Screen, mail: SmtpGateway) -> None:
    """A wrong password is found now, and does not keep SMS and calls from the next alert."""
    try:
        trouble = await mail.check()
    except Exception as e:  # nothing that a server does may end the phone
        trouble = f"{type(e).__name__}: {e}"
    if trouble:
        what = f"E-MAIL DOES NOT WORK NOW: {trouble}. It is tried again with every alert."
        screen.print(Text(what, "bold red"), soft_wrap=True)
    else:
        screen.print("The mail server is there and takes the login.")


def show(screen: Screen, phone: Phone, event: events.Event) -> None:
    """A line on the screen, where there is something to say."""
    if isinstance(event, events.OutcomeChanged):
        text = outcome_line(event.outcome, phone.messages(event.outcome.event_id))
    else:
        text = line(event)
    if text:
        screen.print(Text(f"{datetime.now():%H:%M:%S}  {text}"), soft_wrap=True)


@contextlib.contextmanager
def _log(file: Path) -> Generator[None]:
    """A file for faults and their tracebacks, for this user alone; the screen has sentences."""
    file.touch(0o600)
    handler = logging.FileHandler(file, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(name)s: %(message)s"))
    logging.getLogger().addHandler(handler)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(handler)
        handler.close()
