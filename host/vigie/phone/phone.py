"""The phone: link, outbox and contacts, put together."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from button.core.wire import (
    AGE_UNKNOWN,
    Ack,
    Alert,
    AudioAck,
    AudioPart,
    Chirp,
    Down,
    EventId,
    Feedback,
    Record,
    Siren,
    State,
)
from vigie.errors import VigieError
from vigie.phone import events
from vigie.phone.contacts import AddressBook
from vigie.phone.dispatch import Dispatcher
from vigie.phone.events import Transcript
from vigie.phone.evidence.inbox import Inbox
from vigie.phone.evidence.manifest import Manifest
from vigie.phone.gateways import Gateway
from vigie.phone.link import (
    AGAIN_AFTER_S,
    ButtonLink,
    FromButton,
    LinkDown,
    NoBluetooth,
    Radio,
    ToButton,
)
from vigie.phone.outbox import Outbox
from vigie.phone.outcome import Outcome
from vigie.phone.patience import Patience
from vigie.phone.position import Guarded, PositionSource
from vigie.phone.records import Message

_PRESSES_KEPT = 32
_COMMANDS = (Siren, Record, Chirp)
NO_BLUETOOTH_AGAIN_S = 10.0
SETTLE_EVERY_S = 15.0
"""How often it looks for recordings whose end does not come."""


class Phone:
    """Hears the button and tells the contacts.

    Args:
        radio: how it reaches the button.
        book: the wearer and the contacts.
        outbox: where alerts are held; the caller closes it.
        gateways: ways to the contacts.
        position: where it is.
        now: seconds of the loop's clock.
        wall_clock: the aware date and time at a time of that clock.
        patience: how long to wait for what.
        inbox: where recordings go; without it the button keeps them.
    """

    def __init__(
        self,
        radio: Radio,
        book: AddressBook,
        outbox: Outbox,
        gateways: Sequence[Gateway],
        position: PositionSource,
        *,
        now: Callable[[], float],
        wall_clock: Callable[[float], datetime],
        patience: Patience | None = None,
        inbox: Inbox | None = None,
    ):
        self.transcript = Transcript()
        self.outbox = outbox
        self._now = now
        self._wall_clock = wall_clock
        self._inbox = inbox
        self._inbox_trouble: str | None = None
        self._boot_id: bytes | None = None
        self._unsettled = asyncio.Event()
        """Some recording may have no manifest yet."""
        self._unsettled.set()
        if inbox is not None:
            inbox.on_closed = self._recording_closed
            inbox.on_trouble = self._recording_trouble
        self._position = Guarded(position)
        self._link = ButtonLink(radio, self)
        self._dispatcher = Dispatcher(
            outbox,
            book,
            gateways,
            position,
            now=now,
            wall_clock=wall_clock,
            on_outcome=self._outcome,
            patience=patience,
        )
        self._presses: dict[EventId, float] = {}
        self._to_say: dict[tuple[type[ToButton], EventId | None], ToButton] = {}
        self._something_to_say = asyncio.Event()

    @property
    def connected(self) -> bool:
        """Whether the button has been greeted."""
        return self._link.up

    async def run(self) -> None:
        """Be a phone until cancelled.

        Raises:
            VigieError: in an exception group, when the outbox cannot be read any more, or when
                there is no Bluetooth (`NoBluetooth`) and no message is waiting to be sent.
        """
        async with asyncio.TaskGroup() as tasks:
            for recording, manifest in self._inbox.closed() if self._inbox else ():
                self._follow_up(recording, manifest)  # a crash may have come in between
            tasks.create_task(self._dispatcher.run())
            tasks.create_task(self._keep_link())
            tasks.create_task(self._speak())
            tasks.create_task(self._settle_recordings())

    def contact_replied(self, number: str) -> None:
        """A contact has written or called back: the wearer gets to feel it."""
        self._dispatcher.contact_replied(number)

    def messages(self, event_id: EventId) -> list[Message]:
        """The messages of an alert as far as they have come."""
        return self._dispatcher.messages(event_id)

    def sound_siren(self, on: bool) -> None:
        """Have the button sound its siren, or stop it.

        Raises:
            LinkDown: there is no connection. Nothing will happen later: nobody wants a siren that
                begins when she comes home.
        """
        self._command(Siren(on))

    def record(self, on: bool) -> None:
        """Have the button record what it hears, or stop. Raises LinkDown, as above."""
        self._command(Record(on))

    def chirp(self, kind: int) -> None:
        """Have the button chirp: Chirp.FIND_ME or Chirp.TEST. Raises LinkDown, as above."""
        self._command(Chirp(kind))

    # --- the link's Listener

    def link_up(self) -> None:
        """See vigie.phone.link.Listener."""
        self.transcript.add(events.LinkUp(self._now()))
        self._something_to_say.set()

    def link_down(self) -> None:
        """See vigie.phone.link.Listener."""
        for command in _COMMANDS:
            self._to_say.pop((command, None), None)
        self.transcript.add(events.LinkLost(self._now()))

    def heard(self, message: FromButton) -> None:
        """See vigie.phone.link.Listener."""
        if isinstance(message, Down):
            self._press_began(message)
        elif isinstance(message, Alert):
            self._take(message)
        elif isinstance(message, AudioPart):
            self._listen(message)
        else:
            self._state(message)

    def refused(self, why: str) -> None:
        """See vigie.phone.link.Listener."""
        self.transcript.add(events.Refused(self._now(), why))

    def troubled(self, why: str) -> None:
        """See vigie.phone.link.Listener."""
        self.transcript.add(events.LinkTrouble(self._now(), why))

    def _press_began(self, down: Down) -> None:
        now_s = self._now()
        self._position.warm_up(now_s)
        self._presses[down.event_id] = now_s - down.age_ms / 1000
        while len(self._presses) > _PRESSES_KEPT:
            del self._presses[next(iter(self._presses))]
        self.transcript.add(events.PressBegan(now_s, down.event_id, self._presses[down.event_id]))

    def _take(self, alert: Alert) -> None:
        """Hold the alert, and only then tell the button so."""
        alert = self._with_age(alert)
        try:
            is_new = self._dispatcher.accept(alert)
        except VigieError as e:
            self.transcript.add(events.AlertNotTaken(self._now(), alert, str(e)))
            return
        self._say(Ack(alert.event_id), alert.event_id)
        self.transcript.add(events.AlertTaken(self._now(), alert, is_new))

    def _with_age(self, alert: Alert) -> Alert:
        """A button that lost power does not know the age, but we may have heard the press."""
        pressed_s = self._presses.get(alert.event_id)
        if not alert.flags & AGE_UNKNOWN or pressed_s is None:
            return alert
        return Alert(
            alert.event_id,
            alert.kind,
            alert.level,
            round((self._now() - pressed_s) * 1000),
            alert.battery_mv,
            alert.flags & ~AGE_UNKNOWN,
        )

    def _listen(self, part: AudioPart) -> None:
        """Keep a part of a recording; the button is told what is on disk."""
        if self._inbox is None:
            return
        now_s = self._now()
        self._unsettled.set()
        try:
            next_index = self._inbox.take(part, self._wall_clock(now_s))
        except VigieError as e:
            if self._inbox_trouble != str(e):
                self.transcript.add(events.RecordingNotKept(now_s, part.recording, str(e)))
            self._inbox_trouble = str(e)
            return
        self._inbox_trouble = None
        if next_index is not None:
            self._say(AudioAck(part.recording, next_index), part.recording)

    async def _settle_recordings(self) -> None:
        """A button that was destroyed in the middle of a recording ends it no more."""
        while self._inbox is not None:
            await self._unsettled.wait()
            await asyncio.sleep(SETTLE_EVERY_S)
            boot_id = self._boot_id if self._link.up else None
            self._inbox.settle(self._wall_clock(self._now()), boot_id)
            if self._inbox.all_settled:
                self._unsettled.clear()

    def _recording_closed(self, recording: EventId, manifest: Manifest) -> None:
        self.transcript.add(events.RecordingClosed(self._now(), recording, manifest))
        self._follow_up(recording, manifest)

    def _recording_trouble(self, recording: EventId, why: str) -> None:
        self.transcript.add(events.RecordingNotKept(self._now(), recording, why))

    def _follow_up(self, recording: EventId, manifest: Manifest) -> None:
        """The fingerprint goes out into other hands; if the disk is full, after the next start."""
        try:
            if manifest.samples:
                for event_id in (recording, *self._also_recorded(recording, manifest)):
                    self._dispatcher.follow_up(event_id, manifest.fingerprint)
        except VigieError as e:
            self.transcript.add(events.RecordingNotKept(self._now(), recording, str(e)))

    def _also_recorded(self, recording: EventId, manifest: Manifest) -> Iterator[EventId]:
        """Alerts that came while this was being recorded already."""
        if not manifest.received_from:
            return
        first, last = map(
            datetime.fromisoformat, (manifest.received_from, manifest.received_until)
        )
        for alert in self.outbox.alerts():
            if alert.event_id.boot_id == recording.boot_id and alert.event_id != recording:
                received = alert.received_at_ms / 1000
                if first.timestamp() <= received <= last.timestamp():
                    yield alert.event_id

    def _state(self, state: State) -> None:
        self._boot_id = state.boot_id
        if self._inbox is not None:
            self._inbox.met(state.boot_id, self._wall_clock(self._now()), state.uptime_s)
        self.transcript.add(events.ButtonState(self._now(), state))

    def _outcome(self, outcome: Outcome) -> None:
        state, event_id = outcome.feedback, outcome.event_id
        if state in (None, self._dispatcher.told(event_id)):
            self._to_say.pop((Feedback, event_id), None)  # what waited there is not true any more
        else:
            self._say(Feedback(event_id, state), event_id)
        self.transcript.add(events.OutcomeChanged(self._now(), outcome))

    async def _keep_link(self) -> None:
        """Messages of earlier alerts go out with or without Bluetooth."""
        while True:
            try:
                await self._link.run()
            except NoBluetooth as e:
                if not self._dispatcher.waiting:
                    raise
                self.transcript.add(events.NoBluetooth(self._now(), e.why))
                await asyncio.sleep(NO_BLUETOOTH_AGAIN_S)

    # --- towards the button

    def _command(self, message: Siren | Record | Chirp) -> None:
        if not self._link.up:
            raise LinkDown("no connection to the button")
        self._say(message, None)

    def _say(self, message: ToButton, event_id: EventId | None) -> None:
        """Say it as soon as there is a link; newer news of the same kind takes its place."""
        self._to_say[type(message), event_id] = message
        self._something_to_say.set()

    async def _speak(self) -> None:
        while True:
            await self._something_to_say.wait()
            self._something_to_say.clear()
            while self._link.up and self._to_say:
                key, message = next(iter(self._to_say.items()))
                try:
                    await self._link.send(message)
                except LinkDown:
                    await asyncio.sleep(AGAIN_AFTER_S)
                    continue
                if self._to_say.get(key) is message:
                    del self._to_say[key]
                if isinstance(message, Ack):
                    self.transcript.add(events.Acknowledged(self._now(), message.event_id))
                elif isinstance(message, Feedback):
                    self._dispatcher.wearer_told(message.event_id, message.state)
