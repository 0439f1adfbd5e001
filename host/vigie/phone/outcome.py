"""What the wearer is told of an alert, as a pure rule.

The truth rule:

- HANDED_OVER: for *every* contact of the alert the SMS was taken by its gateway. Not: delivered
  or read. A call or a mail instead does not count, nor do four contacts of five: the wearer is
  then told nothing more than "the phone has it", and the screen says who was reached.
- SEEN: a contact has written or called back after a message of this alert may have reached them.
  It stands above the others: one awake human is what the wearer waits for.
- FAILED: no SMS and no call was taken for anyone, and either none is left to try or
  `tell_failed_ms` have passed since the phone received the alert. A mail does not count, taken or
  waiting: nobody is woken by one. The phone may go on trying in the second case: a later
  HANDED_OVER takes the place of FAILED, which was true when told. If then only some contacts are
  reached, nothing takes its place: there is no signal for "some".

A message that may have been taken, but without a word that it was, counts as not taken.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from button.core.wire import FAILED, HANDED_OVER, SEEN, EventId
from vigie.phone.records import ACCEPTED, OPEN, Message


@dataclass(frozen=True)
class Outcome:
    """How far an alert has come, counted in contacts."""

    event_id: EventId
    feedback: int | None
    """What the wearer is to be told: HANDED_OVER, SEEN or FAILED of `button.core.wire`."""
    contacts: int
    texted: int
    """Their SMS was taken."""
    reached: int
    """A message on some channel was taken."""
    waiting: int
    """The phone still tries some channel."""


def judge(
    event_id: EventId, messages: Sequence[Message], waited_ms: int, tell_failed_ms: int
) -> Outcome:
    """Apply the truth rule to the messages of an alert, `waited_ms` after it was received.

    The fingerprint of a recording is no call for help: whether it was taken changes nothing.
    """
    messages = [m for m in messages if not m.fingerprint]
    contacts = {m.contact for m in messages}
    texted = {m.contact for m in messages if m.channel == "sms" and m.state in ACCEPTED}
    reached = {m.contact for m in messages if m.state in ACCEPTED}
    waiting = {m.contact for m in messages if m.state in OPEN}
    rousing = [m for m in messages if m.channel != "mail"]
    roused = any(m.state in ACCEPTED for m in rousing)
    trying = any(m.state in OPEN for m in rousing)
    if any(m.state == "seen" for m in messages):
        feedback = SEEN
    elif contacts and texted == contacts:
        feedback = HANDED_OVER
    elif not roused and (not trying or waited_ms >= tell_failed_ms):
        feedback = FAILED
    else:
        feedback = None
    return Outcome(event_id, feedback, len(contacts), len(texted), len(reached), len(waiting))
