"""`vigie phone`: the phone on this computer, against a real button."""

import asyncio
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from bleak.exc import BleakError
from rich.console import Console

from vigie.cli.folders import writable
from vigie.errors import VigieError
from vigie.paths import DEMO, OUT
from vigie.phone import events
from vigie.phone.contacts import AddressBook, load_contacts
from vigie.phone.gateways import Gateway, RecordedGateway
from vigie.phone.link import SystemRadio
from vigie.phone.outbox import Outbox
from vigie.phone.patience import Patience
from vigie.phone.phone import Phone
from vigie.phone.position import NoPosition, PositionSource, TrackPosition
from vigie.phone.smtp import SmtpGateway
from vigie.phone.track import load_track


def command(
    contacts: Annotated[
        Path, typer.Option(help="Who gets the messages.", show_default="demo/contacts.toml")
    ] = DEMO / "contacts.toml",
    gpx: Annotated[
        Path | None, typer.Option(help="A walk to play as the position; none without it.")
    ] = None,
    out: Annotated[
        Path, typer.Option(help="Folder of the outbox.", show_default="out/phone")
    ] = OUT / "phone",
) -> None:
    """Be the phone of a real button, through this computer's Bluetooth adapter.

    SMS and calls are recorded in the outbox; e-mails go out if the contacts file has [smtp].

    Example: `vigie phone --contacts my-contacts.toml`
    """
    book = load_contacts(contacts)
    position: PositionSource = NoPosition()
    if gpx is not None:
        position = TrackPosition(load_track(gpx), time.monotonic())
    outbox = Outbox(writable(out) / "outbox.sqlite")
    try:
        asyncio.run(_run(book, outbox, position, Console(highlight=False)))
    finally:
        outbox.close()


async def _run(
    book: AddressBook, outbox: Outbox, position: PositionSource, screen: Console
) -> None:
    origin = datetime.now(UTC).timestamp() - time.monotonic()
    mail: Gateway = SmtpGateway(book.smtp) if book.smtp else RecordedGateway("mail")
    patience = Patience(fix_wait_s=0) if isinstance(position, NoPosition) else Patience()
    phone = Phone(
        SystemRadio(),
        book,
        outbox,
        (RecordedGateway("sms"), RecordedGateway("call"), mail),
        position,
        now=time.monotonic,
        wall_clock=lambda now_s: datetime.fromtimestamp(origin + now_s, UTC),
        patience=patience,
    )
    phone.transcript.hear.append(lambda e: _show(screen, e))
    screen.print("Looking for a button. Ctrl-C ends.")
    try:
        await phone.run()
    except ExceptionGroup as group:
        broken = group.subgroup(BleakError)
        if broken is None:
            raise
        raise VigieError(
            f"Bluetooth does not work here: {broken.exceptions[0]}",
            "Check that the computer has a Bluetooth adapter and that it is switched on.",
        ) from None


def _show(screen: Console, event: events.Event) -> None:
    screen.print(f"{datetime.now():%H:%M:%S}  {type(event).__name__}  {event}", soft_wrap=True)
