"""What happens on a phone, in sentences for its screen."""

from collections.abc import Sequence

from button.core.gestures import NAMES
from button.core.wire import (
    ALERTS_DROPPED,
    BATTERY_UNKNOWN_MV,
    FAILED,
    HANDED_OVER,
    KEY_STUCK,
    MICROPHONE_FAILED,
    RECORDING,
    RESTARTED,
    SEEN,
    SIREN_ON,
    STORE_FAILED,
    State,
)
from vigie.phone import events
from vigie.phone.compose import charge_percent
from vigie.phone.outcome import Outcome
from vigie.phone.records import ACCEPTED, OPEN, Channel, Message
from vigie.plural import count

_BY: dict[Channel, str] = {"sms": "SMS", "call": "call", "mail": "e-mail"}
_TOLD = {
    None: "",
    HANDED_OVER: " A message to every contact has been handed over.",
    SEEN: " A contact has answered.",
    FAILED: " FAILED: nobody has been reached by SMS or call.",
}
_FLAGS = (
    (SIREN_ON, "its SIREN sounds"),
    (RECORDING, "it RECORDS"),
    (KEY_STUCK, "its key is STUCK"),
    (MICROPHONE_FAILED, "its microphone FAILS"),
    (STORE_FAILED, "its flash FAILS"),
    (ALERTS_DROPPED, "it had to DROP alerts"),
    (RESTARTED, "it restarted after an error"),
)


def line(event: events.Event) -> str | None:
    """A sentence for an event; None for `OutcomeChanged`, which `outcome_line` tells."""
    return _link_line(event) or _alert_line(event) or _recording_line(event)


def _link_line(event: events.Event) -> str | None:
    match event:
        case events.LinkUp():
            return "Connected to the button."
        case events.LinkLost():
            return "Lost the button: it is out of reach or switched off."
        case events.LinkTrouble(why=why):
            return f"Trouble with the link, which is tried again: {why}"
        case events.NoBluetooth(why=why):
            return f"No Bluetooth ({why}). Messages go out; it is tried again."
        case events.ButtonState(state=state):
            return state_line(state)
        case events.Refused(why=why):
            return f"Refused something that is no message of a button: {why}"
        case _:
            return None


def _alert_line(event: events.Event) -> str | None:
    match event:
        case events.PressBegan():
            return "A press began: looking where we are."
        case events.AlertTaken(alert=alert, is_new=True):
            return f"ALERT {alert.event_id!r}, {NAMES[alert.level]}: held in the outbox."
        case events.AlertTaken(alert=alert):
            return f"Alert {alert.event_id!r} came again; it is held already."
        case events.AlertNotTaken(alert=alert, why=why):
            return f"Alert {alert.event_id!r} could NOT be held, so the button keeps it: {why}"
        case events.Acknowledged(event_id=event_id):
            return f"The button knows that alert {event_id!r} is held."
        case _:
            return None


def _recording_line(event: events.Event) -> str | None:
    match event:
        case events.RecordingClosed(manifest=m):
            return (
                f"RECORDING {m.recording} is here: {m.seconds:.1f} s, fingerprint {m.fingerprint}."
            )
        case events.RecordingNotKept(recording=recording, why=why):
            return f"Recording {recording!r} could NOT be kept, so the button keeps it: {why}"
        case _:
            return None


def state_line(state: State) -> str:
    """How the button is."""
    facts: list[str] = []
    if state.battery_mv != BATTERY_UNKNOWN_MV:
        facts.append(f"battery {charge_percent(state.battery_mv)}%")
    facts += [what for flag, what in _FLAGS if state.flags & flag]
    if state.pending:
        facts.append(f"{count(state.pending, 'alert')} not acknowledged")
    return f"The button: {', '.join(facts) or 'all is well'}."


def outcome_line(outcome: Outcome, messages: Sequence[Message]) -> str:
    """Who has been reached and who has not, and what the wearer is told."""
    reached: list[str] = []
    trying: list[str] = []
    given_up: list[str] = []
    for contact in dict.fromkeys(m.contact for m in messages):
        theirs = [m for m in messages if m.contact == contact]
        name = theirs[0].name
        taken = [_BY[m.channel] for m in theirs if m.state in ACCEPTED]
        error = next((m.error for m in reversed(theirs) if m.error), None)
        why = f" ({error})" if error else ""
        if taken:
            answered = ", has answered" if any(m.state == "seen" for m in theirs) else ""
            reached.append(f"{name} ({', '.join(taken)}{answered})")
        elif any(m.state in OPEN for m in theirs):
            trying.append(name + why)
        else:
            given_up.append(name + why)
    parts = [
        f"{what} {', '.join(names)}"
        for what, names in (
            ("reached", reached),
            ("still trying", trying),
            ("NOT reached:", given_up),
        )
        if names
    ]
    return f"Alert {outcome.event_id!r}: {'; '.join(parts)}.{_TOLD[outcome.feedback]}"
