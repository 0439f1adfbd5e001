"""The phone: link, outbox and contacts, put together."""

import asyncio
from collections.abc import Callable, Sequence
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
from vigie.phone.evidence.keeper import Keeper, alerts_in
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
        self._boot_id: bytes | None = None
        self._keeper = Keeper(inbox, self, lambda: wall_clock(now())) if inbox else None
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
            if self._keeper is not None:
                self._keeper.tell_again()
                tasks.create_task(self._keeper.settle(self._connected_boot))
                tasks.create_task(self._keeper.describe())
            tasks.create_task(self._dispatcher.run())
            tasks.create_task(self._keep_link())
            tasks.create_task(self._speak())

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
        next_index = self._keeper.take(part) if self._keeper is not None else None
        if next_index is not None:
            self._say(AudioAck(part.recording, next_index), part.recording)

    # --- the keeper's Listener

    def recording_closed(self, recording: EventId, manifest: Manifest) -> None:
        """See vigie.phone.evidence.keeper.Listener."""
        self.transcript.add(events.RecordingClosed(self._now(), recording, manifest))
        self.follow_up(recording, manifest)

    def recording_troubled(self, recording: EventId, why: str) -> None:
        """See vigie.phone.evidence.keeper.Listener."""
        self.transcript.add(events.RecordingNotKept(self._now(), recording, why))

    def follow_up(self, recording: EventId, manifest: Manifest) -> None:
        """See vigie.phone.evidence.keeper.Listener. The fingerprint goes into other hands."""
        if not manifest.samples:
            return
        try:
            alerts = alerts_in(recording, manifest, self.outbox.alerts())
            for event_id in (recording, *alerts):
                self._dispatcher.follow_up(event_id, manifest.fingerprint)
        except VigieError as e:  # after the next start, then
            self.transcript.add(events.RecordingNotKept(self._now(), recording, str(e)))

    def _state(self, state: State) -> None:
        self._boot_id = state.boot_id
        if self._keeper is not None:
            self._keeper.met(state)
        self.transcript.add(events.ButtonState(self._now(), state))

    def _connected_boot(self) -> bytes | None:
        return self._boot_id if self._link.up else None

    def _outcome(self, outcome: Outcome) -> None:
        state, event_id = outcome.feedback, outcome.event_id
        if state in (None, self._dispatcher.told(event_id)):
            self._to_say.pop((Feedback, event_id), None)  # what waited there is not true any more
        elif not self._says(event_id, state):
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

    def _says(self, event_id: EventId, state: int) -> bool:
        """Whether the wearer is just being told this: felt twice, it would be other news."""
        now = self._to_say.get((Feedback, event_id))
        return isinstance(now, Feedback) and now.state == state

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
