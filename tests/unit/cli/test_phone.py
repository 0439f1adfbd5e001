"""`vigie phone`: what it warns of, what it shows, and how it ends where there is no Bluetooth."""

import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from button.core.wire import FAILED, HANDED_OVER, SIREN_ON, Alert, EventId, State
from vigie.bench.phones import demo_contacts
from vigie.cli import phone as verb
from vigie.cli.phone_lines import line, outcome_line
from vigie.cli.screen import Screen
from vigie.phone import events
from vigie.phone.contacts import SmtpAccount
from vigie.phone.outbox import Outbox
from vigie.phone.outcome import judge
from vigie.phone.plan import plan
from vigie.phone.records import Channel, HeldAlert, Message
from vigie.phone.records import State as Stage

from .running import complaint, run

EVENT = EventId(b"\x01\x02\x03\x04\x05\x06\x07\x08", 3)
ALERT = Alert(EVENT, 2, 2, 0, 3900, 0)


class NoAdapter:
    """A system whose Bluetooth cannot be asked."""

    def scanner(self, **_: Any) -> Any:
        raise FileNotFoundError(2, "No such file or directory")


def test_without_bluetooth_it_says_so_and_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(verb, "SystemRadio", NoAdapter)
    assert run(monkeypatch, "phone", "--out", str(tmp_path)) == 2
    out, errors = capfd.readouterr()
    assert errors == (
        "vigie: Bluetooth does not work here: No such file or directory\n"
        "  Check that the computer has a Bluetooth adapter and that it is switched on.\n"
    )
    assert "SMS and calls are only recorded: nobody is told." in out


def test_that_nobody_is_told_is_said_at_the_start() -> None:
    book = demo_contacts()
    assert verb.warnings(book, pretend=False) == [
        "SMS and calls are only recorded: nobody is told. E-mails too: there is no [smtp].",
        "The wearer is told that every alert FAILED. To test a button: --pretend.",
    ]
    with_mail = replace(book, smtp=SmtpAccount("smtp.example.org", "c@example.org"))
    assert verb.warnings(with_mail, pretend=True) == [
        "SMS and calls are only recorded: nobody is told by them. "
        "E-mails go out through smtp.example.org.",
        'PRETENDING: the button says "handed over" all the same.',
    ]


@pytest.mark.parametrize(("words", "feedback"), [([], FAILED), (["--pretend"], HANDED_OVER)])
def test_the_wearer_is_told_the_truth_unless_it_is_to_pretend(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, words: list[str], feedback: int
) -> None:
    """An alert that an earlier run has left in the outbox takes the ways out of this one."""
    now_ms = round(time.time() * 1000)
    outbox = Outbox(tmp_path / "outbox.sqlite")
    drafts = plan(demo_contacts().contacts, 1, ("sms",))
    outbox.hold(HeldAlert(EVENT, 1, 1, now_ms, False, now_ms, None, None), drafts)
    outbox.close()
    monkeypatch.setattr(verb, "SystemRadio", NoAdapter)
    monkeypatch.setattr("vigie.phone.phone.NO_BLUETOOTH_AGAIN_S", 0.01)
    assert run(monkeypatch, "phone", "--out", str(tmp_path), *words) == 2
    outbox = Outbox(tmp_path / "outbox.sqlite")
    assert judge(EVENT, outbox.messages(EVENT), 0, 60_000).feedback == feedback
    outbox.close()


def test_a_missing_mail_password_is_found_before_anything_is_made(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    contacts = tmp_path / "contacts.toml"
    contacts.write_text(
        '[wearer]\nname = "A"\nlanguage = "en"\n[[contacts]]\nname = "B"\nphone = "+33199001234"\n'
        '[smtp]\nhost = "smtp.example.org"\nfrom = "a@example.org"\nuser = "a"\n'
        'password_env = "VIGIE_TEST_PASSWORD"\n'
    )
    monkeypatch.delenv("VIGIE_TEST_PASSWORD", raising=False)
    said = complaint(
        monkeypatch, capfd, "phone", "--contacts", str(contacts), "--out", str(tmp_path / "out")
    )
    assert "VIGIE_TEST_PASSWORD" in said
    assert not (tmp_path / "out").exists()


def test_help_says_all_that_is_in_brackets(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "phone", "--help") == 0
    assert "[smtp]" in capfd.readouterr().out


def test_the_date_is_right_after_the_computer_has_slept(monkeypatch: pytest.MonkeyPatch) -> None:
    clocks = {"wall": 1_773_322_325.0, "monotonic": 100.0}
    monkeypatch.setattr(time, "time", lambda: clocks["wall"])
    monkeypatch.setattr(time, "monotonic", lambda: clocks["monotonic"])
    assert verb.wall_clock(100.0) == datetime.fromtimestamp(1_773_322_325, UTC)
    clocks = {"wall": 1_773_322_325.0 + 3610, "monotonic": 110.0}  # an hour of sleep
    assert verb.wall_clock(110.0) == datetime.fromtimestamp(1_773_322_325 + 3610, UTC)
    assert verb.wall_clock(105.0) == datetime.fromtimestamp(1_773_322_325 + 3605, UTC)


def message(name: str, channel: Channel, state: Stage, error: str | None = None) -> Message:
    return Message(1, EVENT, name, name, channel, "", state, 1, False, 0, error)


def test_an_outcome_names_who_was_reached_and_who_was_not() -> None:
    messages = [
        message("Anaïs", "sms", "seen"),
        message("Karim", "sms", "sent"),
        message("Maman", "sms", "queued", "no network"),
        message("[/x]", "sms", "failed", "no such number"),
        message("Anaïs", "call", "sent"),
        message("Karim", "call", "failed", "busy"),
    ]
    assert outcome_line(judge(EVENT, messages, 0, 60_000), messages) == (
        "Alert 0102030405060708-3: reached Anaïs (SMS, call, has answered), Karim (SMS); "
        "still trying Maman (no network); NOT reached: [/x] (no such number). "
        "A contact has answered."
    )


@pytest.mark.parametrize(
    ("event", "text"),
    [
        (events.LinkUp(0), "Connected to the button."),
        (events.AlertTaken(0, ALERT, True), "ALERT 0102030405060708-3, double: held"),
        (events.AlertTaken(0, ALERT, False), "came again"),
        (events.AlertNotTaken(0, ALERT, "disk full"), "could NOT be held, so the button keeps"),
        (events.Acknowledged(0, EVENT), "The button knows"),
        (events.LinkTrouble(0, "odd"), "tried again: odd"),
        (events.NoBluetooth(0, "off"), "No Bluetooth (off)."),
        (events.Refused(0, "frame of 3 bytes"), "frame of 3 bytes"),
        (
            events.ButtonState(0, State(1, bytes(8), 5, 3900, SIREN_ON, 1, 0, 9)),
            "The button: battery 65%, its SIREN sounds, 1 alert not acknowledged.",
        ),
    ],
)
def test_every_event_is_a_sentence(event: events.Event, text: str) -> None:
    said = line(event)
    assert said is not None
    assert text in said
    assert "object at" not in said


def test_a_name_with_brackets_can_be_shown(capfd: pytest.CaptureFixture[str]) -> None:
    class Phone:
        def messages(self, event_id: EventId) -> list[Message]:
            return [message("[/x] [bold]", "sms", "sent")]

    outcome = judge(EVENT, Phone().messages(EVENT), 0, 60_000)
    verb.show(Screen(), Phone(), events.OutcomeChanged(0, outcome))  # type: ignore[arg-type]
    assert "reached [/x] [bold] (SMS)" in capfd.readouterr().out
