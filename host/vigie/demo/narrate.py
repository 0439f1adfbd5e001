"""Tells the story in the terminal while it happens."""

import asyncio
import re
from collections.abc import Sequence

from rich.console import Console

from button.core.patterns import BETWEEN_PATTERNS_MS
from button.core.wire import FAILED, HANDED_OVER, SEEN, EventId
from vigie.bench.signal import felt
from vigie.boards.console_log import Line
from vigie.demo.lines import Lines
from vigie.demo.story import RECORDING_BEGAN, Story
from vigie.phone import events
from vigie.phone.events import Event
from vigie.phone.evidence.manifest import Manifest
from vigie.phone.outcome import Outcome
from vigie.phone.records import Message
from vigie.phone.sms import count_segments
from vigie.plural import count
from vigie.virtual.chip.gpio import Output

_FELT = {
    "registered": "one tick: the alert is registered",
    "phone has it": "two ticks: the phone has it",
    "handed over": "a long pulse: a message to every contact has been handed over",
    "seen": "two ticks and a long pulse: a contact has answered",
    "FAILED": "five heavy pulses: the alert could NOT be passed on",
    "fault": "two long pulses: something is wrong with the button",
}
_OUTCOMES = {HANDED_OVER: "handed over", SEEN: "seen", FAILED: "failed"}


class Narrator:
    """Listens to everything in a story and prints a line for what a reader wants to know."""

    def __init__(self, story: Story, out: Console):
        self._story = story
        self._out = out
        self._lines = Lines(out)
        self._felt_from = 0
        self._told: dict[EventId, int] = {}
        self._felt_due: asyncio.TimerHandle | None = None
        self._gesture: tuple[float, str] | None = None
        story.on_act = lambda act: self.tell("hand", act.what)
        story.on_end_of_recording = lambda: self.tell("phone", "is told to end the recording")
        story.board.console.said_line.append(self._said)
        story.board.gpio.on_output.append(self._sensed)
        story.phone.transcript.hear.append(self._phone)
        for gateway in (story.phone.sms, story.phone.calls, story.phone.mails):
            gateway.hear.append(self._taken)

    def begin(self) -> None:
        """Say what is about to be told."""
        story = self._story
        contacts = count(len(story.phone.contacts), "contact")
        self._out.print(
            f"\nA virtual board, a phone beside it with {contacts}, a walk. "
            f"Seed {story.world.seed}.\n",
            soft_wrap=True,
        )

    def end(self) -> None:
        """Say what it came to."""
        self._decided("")
        self._pattern_over()
        self._lines.end()
        phone = self._story.phone
        self._out.print(
            f"\nHanded over: {len(phone.sms.taken)} SMS, {count(len(phone.calls.taken), 'call')}, "
            f"{count(len(phone.mails.taken), 'e-mail')}."
        )

    def tell(
        self, who: str, text: str, body: Sequence[str] = (), *, at_s: float | None = None
    ) -> None:
        """One line: when, who, what. The time is that of the world, now if it is not given."""
        at_s = self._story.world.loop.time() if at_s is None else at_s
        self._lines.add(at_s - self._story.began_s, who, text, body)

    def _said(self, line: Line) -> None:
        self._decided(line.text)
        if found := re.search(r"gesture (\w+) at", line.text):
            self._gesture = (line.t_s, found[1])
            self._lines.hold("gesture")
        elif found := re.search(r"siren (on|off)(.*)", line.text):
            self.tell("button", f"SIREN {found[1].upper()}{found[2]}")
        elif RECORDING_BEGAN.search(line.text):
            self.tell("button", "records what the microphone hears")
        elif re.search(r"key stuck|key works|flash:|supervisor|Traceback", line.text):
            self.tell("button", line.text)

    def _decided(self, next_line: str) -> None:
        """Tell the last gesture: the line after it on the console shows what came of it."""
        if self._gesture is None:
            return
        (at_s, kind), self._gesture = self._gesture, None
        silences = "siren off: key" in next_line
        meaning = ", which silences the siren and is no alert" if silences else ""
        self.tell("button", f"decides: {kind}{meaning}", at_s=at_s)
        self._lines.release("gesture")

    def _sensed(self, output: Output) -> None:
        spec = self._story.board.spec.indicator
        if output.pin != spec.pin:
            return
        self._lines.hold("pattern")
        if self._felt_due:
            self._felt_due.cancel()
        self._felt_due = self._story.world.loop.call_later(
            BETWEEN_PATTERNS_MS / 1000 - 0.1, self._pattern_over
        )

    def _pattern_over(self) -> None:
        if self._story.rig.indicator.active:
            return
        pulses = self._story.rig.indicator.pulses
        for pattern in felt(pulses[self._felt_from :]):
            meaning = _FELT.get(pattern.name, pattern.name)
            self.tell("wearer", f"feels {meaning}", at_s=pattern.t_s)
        self._felt_from = len(pulses)
        self._lines.release("pattern")

    def _phone(self, event: Event) -> None:
        match event:
            case events.LinkUp():
                self.tell("phone", "is connected to the button")
            case events.LinkLost():
                self.tell("phone", "has lost the button")
            case events.PressBegan():
                self.tell("phone", "hears that a press began, and looks where it is")
            case events.AlertTaken(is_new=True):
                self.tell("phone", f"holds alert {event.alert.event_id!r} in its outbox")
            case events.AlertNotTaken():
                self.tell("phone", f"could NOT hold the alert: {event.why}")
            case events.Refused():
                self.tell("phone", f"refuses a message: {event.why}")
            case events.RecordingClosed():
                self._recording(event.manifest)
            case events.RecordingNotKept():
                self.tell("phone", f"could NOT keep the recording: {event.why}")
            case events.OutcomeChanged():
                self._outcome(event.outcome)
            case _:
                pass

    def _outcome(self, outcome: Outcome) -> None:
        state = outcome.feedback
        if state is not None and self._told.get(outcome.event_id) != state:
            self._told[outcome.event_id] = state
            self.tell("phone", f"alert {outcome.event_id!r}: {_OUTCOMES[state]}")

    def _recording(self, made: Manifest) -> None:
        lost = f", {made.lost / made.rate_hz:.3f} s of it lost" if made.lost else ""
        length = f"{made.seconds:.1f} s{lost}"
        self.tell("phone", f"has the whole recording: {length}, fingerprint {made.fingerprint}")

    def _taken(self, message: Message) -> None:
        kind = {"sms": "SMS", "call": "call", "mail": "e-mail"}[message.channel]
        text = message.text or ""
        size = ""
        if message.channel == "sms":
            segments = count_segments(text)
            size = f" ({segments.segments} x SMS, {segments.encoding})"
        body = [line for line in (message.subject, *text.strip().split("\n")) if line is not None]
        self.tell("phone", f"{kind} to {message.name}, {message.address}{size}", body)
