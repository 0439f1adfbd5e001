"""What contacts read and hear."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vigie.phone.language import Language
from vigie.phone.sms import count_segments
from vigie.phone.texts import (
    Battery,
    Report,
    Where,
    link,
    mail_subject,
    mail_text,
    sms_text,
    spoken_text,
)

NOW = datetime(2026, 3, 12, 14, 32, 5, tzinfo=ZoneInfo("Europe/Paris"))
WHERE = Where(45.3806, 14.144491, 10, NOW)
FR = Report("Claire", "fr", 1, NOW, NOW, where=WHERE)
EN = replace(FR, language="en")
LATE = timedelta(minutes=20)
LINK = "https://maps.google.com/?q=45.38060,14.14449"


def ago(minutes: float) -> datetime:
    return NOW - timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("report", "text"),
    [
        (
            FR,
            "Claire signale un danger possible (14:32). Restez joignable, ne l'appelez pas.\n"
            f"{LINK} (+/- 10 m)",
        ),
        (
            EN,
            "Claire warns of possible danger (14:32). Stay reachable, do not call Claire.\n"
            f"{LINK} (+/- 10 m)",
        ),
        (
            replace(FR, level=2),
            "URGENT : Claire a besoin d'aide (14:32). Appelez le 112, ce message ne le fait pas.\n"
            f"{LINK} (+/- 10 m)",
        ),
        (
            replace(EN, level=3, emergency_number="999"),
            "URGENT: Claire needs help (14:32). Call 999, this message does not.\n"
            f"{LINK} (+/- 10 m)",
        ),
        (
            replace(FR, level=4),
            "ALARME, sirène déclenchée : Claire a besoin d'aide (14:32). "
            f"Appelez le 112, ce message ne le fait pas.\n{LINK} (+/- 10 m)",
        ),
        (
            replace(EN, level=4),
            "ALARM, siren set off: Claire needs help (14:32). "
            f"Call 112, this message does not.\n{LINK} (+/- 10 m)",
        ),
        (
            replace(EN, where=None),
            "Claire warns of possible danger (14:32). Stay reachable, do not call Claire. "
            "Position unknown.",
        ),
        (
            replace(FR, level=2, where=None, repeat=True, battery=Battery("5 %", True)),
            "(répétition) URGENT : Claire a besoin d'aide (14:32). "
            "Appelez le 112, ce message ne le fait pas. Position inconnue.\n"
            "Batterie : 5 %, faible.",
        ),
        (
            replace(EN, level=2, repeat=True, battery=Battery("80%", False)),
            "(repeat) URGENT: Claire needs help (14:32). Call 112, this message does not.\n"
            f"{LINK} (+/- 10 m)\nBattery: 80%.",
        ),
        (
            replace(EN, level=2, happened=ago(12)),
            "URGENT: Claire needs help (14:20, message late by 12 min). "
            f"Call 112, this message does not.\nPosition at 14:32: {LINK} (+/- 10 m)",
        ),
        (
            replace(FR, level=2, happened=ago(12)),
            "URGENT : Claire a besoin d'aide (14:20, message en retard de 12 min). "
            f"Appelez le 112, ce message ne le fait pas.\nPosition à 14:32 : {LINK} (+/- 10 m)",
        ),
        (
            replace(EN, happened=ago(0.5), happened_earlier=True, where=None),
            "Claire warns of possible danger (14:31 or earlier). "
            "Stay reachable, do not call Claire. Position unknown.",
        ),
        (
            replace(EN, happened=ago(12), happened_earlier=True, where=None),
            "Claire warns of possible danger (14:20 or earlier, message late by at least 12 min). "
            "Stay reachable, do not call Claire. Position unknown.",
        ),
        (
            replace(FR, where=replace(WHERE, at=ago(3), accuracy_m=1200.5)),
            "Claire signale un danger possible (14:32). Restez joignable, ne l'appelez pas.\n"
            f"Position à 14:29, il y a 3 min : {LINK} (+/- 2 km)",
        ),
        (
            replace(EN, where=replace(WHERE, at=ago(0.75))),
            "Claire warns of possible danger (14:32). Stay reachable, do not call Claire.\n"
            f"Position at 14:31, 45 s ago: {LINK} (+/- 10 m)",
        ),
        (
            replace(FR, level=2, where=replace(WHERE, at=ago(25 * 60))),
            "URGENT : Claire a besoin d'aide (14:32). Appelez le 112, ce message ne le fait pas.\n"
            f"Position le 11/03 à 13:32, il y a 25 h : {LINK} (+/- 10 m)",
        ),
        (
            replace(EN, level=2, where=replace(WHERE, at=ago(25 * 60))),
            "URGENT: Claire needs help (14:32). Call 112, this message does not.\n"
            f"Position on 11 Mar at 13:32, 25 h ago: {LINK} (+/- 10 m)",
        ),
    ],
)
def test_sms(report: Report, text: str) -> None:
    assert sms_text(report) == text


@pytest.mark.parametrize(
    ("report", "text"),
    [
        (
            replace(FR, level=2, happened=ago(185), happened_earlier=True, where=None),
            "Claire a demandé de l'aide à 11:27 ou avant "
            "(message en retard d'au moins 3 h 05 min). Si l'aide n'est pas venue, "
            "appelez le 112, ce message ne le fait pas. Position inconnue.",
        ),
        (
            replace(EN, level=3, happened=ago(25 * 60), where=None),
            "Claire asked for help on 11 Mar at 13:32 (message late by 25 h). "
            "If help has not come, call 112, this message does not. "
            "Position unknown.",
        ),
        (
            replace(FR, level=4, happened=ago(25 * 60), where=None),
            "Sirène : Claire a demandé de l'aide le 11/03 à 13:32 "
            "(message en retard de 25 h). Si l'aide n'est pas venue, "
            "appelez le 112, ce message ne le fait pas. Position inconnue.",
        ),
        (
            replace(EN, level=4, happened=ago(60), where=None),
            "Siren set off: Claire asked for help at 13:32 (message late by 60 min). "
            "If help has not come, call 112, this message does not. "
            "Position unknown.",
        ),
        (
            replace(FR, happened=ago(20 * 60), where=None),
            "Claire a signalé un danger possible le 11/03 à 18:32 (message en retard de 20 h). "
            "Restez joignable, ne l'appelez pas. Position inconnue.",
        ),
        (
            replace(EN, happened=ago(20 * 60), where=None),
            "Claire warned of possible danger on 11 Mar at 18:32 (message late by 20 h). "
            "Stay reachable, do not call Claire. Position unknown.",
        ),
    ],
)
def test_after_an_hour_it_is_told_as_something_that_was(report: Report, text: str) -> None:
    assert sms_text(report) == text


def test_up_to_an_hour_it_is_told_as_something_that_is() -> None:
    assert "a besoin d'aide (13:33" in sms_text(replace(FR, level=2, happened=ago(59)))


@pytest.mark.parametrize("report", [FR, EN])
@pytest.mark.parametrize("level", [1, 2, 3])
def test_the_usual_prevention_and_rescue_are_one_segment(report: Report, level: int) -> None:
    battery = Battery("65 %" if report.language == "fr" else "65%", False)
    where = Where(45.37646, 14.15530, 15, NOW)
    usual = replace(report, level=level, where=where, battery=battery)
    counted = count_segments(sms_text(usual))
    assert (counted.encoding, counted.segments) == ("GSM-7", 1)


@pytest.mark.parametrize("report", [FR, EN])
@pytest.mark.parametrize("level", [1, 2, 3, 4])
@pytest.mark.parametrize("minutes", [59, 1500])
def test_an_sms_with_everything_is_two_segments(
    report: Report, level: int, minutes: float
) -> None:
    everything = replace(
        report,
        level=level,
        happened=ago(minutes),
        happened_earlier=True,
        where=Where(-45.3806, -114.144491, 995, ago(190)),
        battery=Battery("3.40 V", True),
        repeat=True,
    )
    full = count_segments(sms_text(everything))
    assert (full.encoding, full.segments) == ("GSM-7", 2)


def test_a_message_is_late_from_a_minute_on() -> None:
    assert "late" not in sms_text(replace(EN, happened=NOW - timedelta(seconds=59.9)))
    assert "message late by 1 min" in sms_text(replace(EN, happened=NOW - timedelta(seconds=60)))
    assert "late" not in sms_text(replace(EN, happened=NOW + timedelta(hours=3)))


def test_a_position_is_of_now_for_ten_seconds() -> None:
    assert "ago" not in sms_text(replace(EN, where=replace(WHERE, at=NOW - timedelta(seconds=10))))
    assert "11 s ago" in sms_text(
        replace(EN, where=replace(WHERE, at=NOW - timedelta(seconds=11)))
    )


def test_a_call_is_spoken_and_refers_to_the_sms() -> None:
    assert spoken_text(replace(EN, level=2)) == (
        "Automatic message. URGENT: Claire needs help. Call 112, this message does not. "
        "Alert given at 14:32. The position also goes out by SMS."
    )
    assert spoken_text(replace(FR, level=4, where=None, repeat=True, happened=ago(2))) == (
        "(répétition) Message automatique. ALARME, sirène déclenchée : Claire a besoin d'aide. "
        "Appelez le 112, ce message ne le fait pas. "
        "Alerte donnée à 14:30, message en retard de 2 min. Position inconnue."
    )
    assert spoken_text(replace(FR, level=2, happened=ago(25 * 60))) == (
        "Message automatique. Claire a demandé de l'aide le 11/03 à 13:32. "
        "Si l'aide n'est pas venue, appelez le 112, ce message ne le fait pas. "
        "Message en retard de 25 h. La position part aussi par SMS."
    )
    just_after_midnight = NOW.replace(hour=0, minute=10)
    late = replace(FR, level=2, now=just_after_midnight, happened=just_after_midnight - LATE)
    assert "Alerte donnée le 11/03 à 23:50, message en retard de 20 min." in spoken_text(late)


def test_a_mail_says_all_that_is_known() -> None:
    report = replace(
        FR,
        level=2,
        happened=ago(12),
        where=replace(WHERE, at=ago(3)),
        battery=Battery("3,41 V", True),
    )
    assert mail_subject(report) == (
        "URGENT : Claire a besoin d'aide (14:20, message en retard de 12 min)"
    )
    assert mail_text(report) == (
        "URGENT : Claire a besoin d'aide.\n"
        "Appelez le 112, ce message ne le fait pas.\n"
        "\n"
        "Quand : le 12/03 à 14:20, message en retard de 12 min\n"
        f"Position à 14:29, il y a 3 min : {LINK}\n"
        "Précision : +/- 10 m\n"
        "Batterie du bouton : 3,41 V, faible\n"
        "\n"
        "Message automatique du bouton d'alerte (Claire).\n"
    )
    assert mail_text(replace(EN, battery=Battery("80 %", False))) == (
        "Claire warns of possible danger.\n"
        "Stay reachable, do not call Claire.\n"
        "\n"
        "When: on 12 Mar at 14:32\n"
        f"Position: {LINK}\n"
        "Accuracy: +/- 10 m\n"
        "Battery of the button: 80 %\n"
        "\n"
        "Automatic message of the alert button (Claire).\n"
    )
    assert "Position unknown." in mail_text(replace(EN, where=None))
    past = replace(EN, level=2, happened=ago(25 * 60), happened_earlier=True)
    assert mail_subject(past) == (
        "Claire asked for help on 11 Mar at 13:32 or earlier (message late by at least 25 h)"
    )
    assert "When: on 11 Mar at 13:32 or earlier, message late by at least 25 h\n" in mail_text(
        past
    )


@pytest.mark.parametrize(
    ("accuracy_m", "text"),
    [(0.2, "1 m"), (9.1, "10 m"), (999, "999 m"), (999.1, "1 km"), (2001, "3 km")],
)
def test_accuracy_is_rounded_up(accuracy_m: float, text: str) -> None:
    report = replace(EN, where=replace(WHERE, accuracy_m=accuracy_m))
    assert sms_text(report).endswith(f"(+/- {text})")


def test_the_link_is_plain_and_to_the_metre() -> None:
    assert link(Where(-0.000001, -179.999999, 5, NOW)).endswith("?q=0.00000,-180.00000")


REPORTS = st.builds(
    Report,
    name=st.text(st.characters(), max_size=80),
    language=st.sampled_from(["fr", "en"]),
    level=st.integers(1, 4),
    happened=st.datetimes(timezones=st.just(ZoneInfo("Europe/Paris"))),
    now=st.datetimes(timezones=st.just(ZoneInfo("Europe/Paris"))),
    happened_earlier=st.booleans(),
    where=st.none() | st.just(WHERE),
    battery=st.none() | st.just(Battery("3.4 V", True)),
    repeat=st.booleans(),
)


@settings(deadline=None)
@given(REPORTS)
def test_no_name_breaks_or_fakes_a_line(report: Report) -> None:
    plain = replace(report, name="X")
    for compose in (sms_text, spoken_text, mail_subject, mail_text):
        text = compose(report)
        assert len(text.splitlines()) == len(compose(plain).splitlines())
        text.encode()
    assert "\n" not in mail_subject(report)


@pytest.mark.parametrize(("language", "someone"), [("fr", "Quelqu'un"), ("en", "Someone")])
def test_a_name_of_nothing_printable_has_a_stand_in(language: Language, someone: str) -> None:
    assert sms_text(replace(FR, language=language, name="\n\u202e")).startswith(someone)


@settings(deadline=None)
@given(REPORTS)
def test_no_text_claims_that_help_was_called(report: Report) -> None:
    for compose in (sms_text, spoken_text, mail_subject, mail_text):
        text = compose(replace(report, name="X"))
        assert not re.search(r"prévenu|appelé|been called|on the way|en route|notified", text)
