"""The truth rule: what the wearer is told."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from button.core.wire import FAILED, HANDED_OVER, SEEN, EventId
from vigie.phone.outcome import judge
from vigie.phone.records import ACCEPTED, CHANNELS, OPEN, Channel, Message, State

EVENT = EventId(b"12345678", 1)
STATES: tuple[State, ...] = ("queued", "sending", "sent", "delivered", "seen", "failed")


def message(contact: str, channel: Channel, state: State) -> Message:
    return Message(1, EVENT, contact, "", channel, "", state, 1, False, 0)


def feedback(*messages: tuple[str, Channel, State], waited_ms: int = 0) -> int | None:
    return judge(EVENT, [message(*m) for m in messages], waited_ms, 60_000).feedback


def test_handed_over_means_an_sms_taken_for_every_contact() -> None:
    assert feedback(("a", "sms", "sent"), ("b", "sms", "sent")) == HANDED_OVER
    assert feedback(("a", "sms", "sent"), ("b", "sms", "delivered")) == HANDED_OVER
    assert feedback(("a", "sms", "sent"), ("a", "mail", "failed")) == HANDED_OVER


@pytest.mark.parametrize("state", ["queued", "sending", "failed"])
def test_four_of_five_is_not_handed_over_and_not_failed(state: State) -> None:
    sent: list[tuple[str, Channel, State]] = [(contact, "sms", "sent") for contact in "abcd"]
    assert feedback(*sent, ("e", "sms", state), waited_ms=10**9) is None


def test_failed_means_nobody_and_nothing_left_to_try() -> None:
    assert feedback(("a", "sms", "failed"), ("b", "sms", "failed")) == FAILED
    assert feedback(("a", "sms", "failed"), ("b", "sms", "queued")) is None
    assert feedback(("a", "sms", "failed"), ("a", "call", "queued")) is None


def test_a_call_that_was_taken_is_no_failure() -> None:
    assert feedback(("a", "sms", "failed"), ("a", "call", "sent"), waited_ms=10**9) is None


@pytest.mark.parametrize("state", ["sent", "queued", "failed"])
def test_a_mail_alone_is_no_rescue(state: State) -> None:
    assert feedback(("a", "sms", "failed"), ("b", "mail", state)) == FAILED
    assert feedback(("a", "sms", "queued"), ("b", "mail", state), waited_ms=59_999) is None
    assert feedback(("a", "sms", "queued"), ("b", "mail", state), waited_ms=60_000) == FAILED


def test_failed_is_told_after_a_minute_though_attempts_go_on() -> None:
    assert feedback(("a", "sms", "queued"), waited_ms=59_999) is None
    assert feedback(("a", "sms", "queued"), waited_ms=60_000) == FAILED


def test_a_contact_who_answered_stands_above_all() -> None:
    assert feedback(("a", "sms", "seen"), ("b", "sms", "failed")) == SEEN


MESSAGES = st.dictionaries(
    st.tuples(st.sampled_from("abcde"), st.sampled_from(CHANNELS)),
    st.sampled_from(STATES),
    min_size=1,
)


@settings(deadline=None)
@given(MESSAGES, st.integers(0, 120_000))
def test_nothing_untrue_is_ever_told(
    states: dict[tuple[str, Channel], State], waited_ms: int
) -> None:
    messages = [message(contact, channel, state) for (contact, channel), state in states.items()]
    outcome = judge(EVENT, messages, waited_ms, 60_000)
    taken = {key for key, state in states.items() if state in ACCEPTED}
    everybody = {contact for contact, _ in states}
    heard = {key for key in taken if key[1] != "mail"}
    trying = any(state in OPEN for (_, channel), state in states.items() if channel != "mail")
    match outcome.feedback:
        case 3:  # HANDED_OVER
            assert {(contact, "sms") for contact in everybody} <= taken
        case 4:  # SEEN
            assert "seen" in states.values()
        case 5:  # FAILED
            assert not heard
            assert waited_ms >= 60_000 or not trying
        case _:
            assert outcome.feedback is None
            assert heard or trying
    assert outcome.contacts == len(everybody)
    assert outcome.texted <= outcome.reached <= outcome.contacts
