"""The texts of an alert: SMS, spoken call and e-mail, from plain facts.

The link opens in the browser or the map of any phone; `geo:` links do not on iPhones. A contact
can read the coordinates in it out to an operator. Google's short form was chosen over
OpenStreetMap's for one tap to directions, at the price that Google learns of the look.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from vigie.phone.language import Language
from vigie.phone.names import clean_name
from vigie.phone.wording import WORDINGS, Wording

FRESH_S = 10
"""A position up to this old is "now"."""

LATE_S = 60
"""An alert this old says so."""

PAST_S = 3600
"""An alert this old is told as something that was: nobody knows how it is now."""

_MAP = "https://maps.google.com/?q="


@dataclass(frozen=True)
class Where:
    """A position and when it was found."""

    lat: float
    lon: float
    accuracy_m: float
    at: datetime


@dataclass(frozen=True)
class Battery:
    """What is known of the button's battery, for people: "41 %" or "3.62 V"."""

    charge: str
    is_low: bool


@dataclass(frozen=True)
class Report:
    """All that a message can say. Times are aware, in the wearer's time zone."""

    name: str
    language: Language
    level: int
    happened: datetime
    now: datetime
    happened_earlier: bool = False
    """`happened` is only the latest it can have been."""
    where: Where | None = None
    battery: Battery | None = None
    repeat: bool = False
    """The message may have arrived before."""
    emergency_number: str = "112"


def sms_text(report: Report) -> str:
    """The SMS: who, what, when, what to do; where; the button's battery."""
    words = WORDINGS[report.language]
    lines = [f"{_repeat(report)}{_headline(report)} ({_brackets(report)}). {_advice(report)}"]
    where = report.where
    if where is None:
        lines[0] += f" {words.position_unknown}"
    else:
        lines.append(f"{_found(report, where)}{link(where)} (+/- {_accuracy(where)})")
    if report.battery:
        battery = words.battery_low if report.battery.is_low else words.battery
        lines.append(battery.format(charge=report.battery.charge))
    return "\n".join(lines)


def fingerprint_text(report: Report, fingerprint: str) -> str:
    """What follows an alert whose sound was recorded: proof that nobody changes that later."""
    said = WORDINGS[report.language].fingerprint
    said = said.format(name=_name(report), at=_at(report), fingerprint=fingerprint)
    return _repeat(report) + said


def spoken_text(report: Report) -> str:
    """What a call says."""
    words = WORDINGS[report.language]
    sentences = [
        f"{_repeat(report)}{words.spoken_intro}",
        f"{_headline(report)}.",
        _advice(report),
        _spoken_time(report),
        words.spoken_position if report.where else words.position_unknown,
    ]
    return " ".join(sentences)


def mail_subject(report: Report) -> str:
    """The subject of the e-mail."""
    return f"{_repeat(report)}{_headline(report)} ({_brackets(report)})"


def mail_text(report: Report) -> str:
    """The body of the e-mail: all that is known, one fact a line."""
    words = WORDINGS[report.language]
    time = _or_earlier(report, _time(report.happened, None, words))
    facts = [words.mail_time.format(time=_joined(time, _lateness(report)))]
    where = report.where
    if where is None:
        facts.append(words.position_unknown)
    else:
        facts.append(f"{_found(report, where) or words.position}{link(where)}")
        facts.append(words.mail_accuracy.format(accuracy=_accuracy(where)))
    if report.battery:
        battery = words.mail_battery_low if report.battery.is_low else words.mail_battery
        facts.append(battery.format(charge=report.battery.charge))
    footer = words.mail_footer.format(name=_name(report))
    headline = f"{_repeat(report)}{_headline(report)}."
    return "\n".join([headline, _advice(report), "", *facts, "", footer]) + "\n"


def link(where: Where) -> str:
    """A link to the place, to the metre."""
    lat, lon = (round(degrees, 5) + 0.0 for degrees in (where.lat, where.lon))  # no "-0.00000"
    return f"{_MAP}{lat:.5f},{lon:.5f}"


def _headline(report: Report) -> str:
    words = WORDINGS[report.language]
    headlines = words.past_headline if _age_s(report) >= PAST_S else words.headline
    return headlines[report.level - 1].format(name=_name(report), at=_at(report))


def _name(report: Report) -> str:
    return clean_name(report.name) or WORDINGS[report.language].someone


def _repeat(report: Report) -> str:
    return WORDINGS[report.language].repeat if report.repeat else ""


def _advice(report: Report) -> str:
    words = WORDINGS[report.language]
    advice = words.past_call_for_help if _age_s(report) >= PAST_S else words.call_for_help
    if report.level == 1:
        advice = words.stand_by
    return advice.format(number=report.emergency_number, name=_name(report))


def _brackets(report: Report) -> str:
    """When it happened, unless the headline says so; from a minute on also how late this is."""
    if _age_s(report) >= PAST_S:
        return _lateness(report)
    words = WORDINGS[report.language]
    time = _time(report.happened, report.now, words, alone=True)
    return _joined(_or_earlier(report, time), _lateness(report))


def _spoken_time(report: Report) -> str:
    if _age_s(report) >= PAST_S:  # the headline has said the time
        late = _lateness(report)
        return f"{late[0].upper()}{late[1:]}."
    at = _joined(_at(report), _lateness(report))
    return WORDINGS[report.language].spoken_time.format(at=at)


def _at(report: Report) -> str:
    """When it happened, as part of a sentence."""
    time = _time(report.happened, report.now, WORDINGS[report.language])
    return _or_earlier(report, time)


def _or_earlier(report: Report, time: str) -> str:
    words = WORDINGS[report.language]
    return words.or_earlier.format(time=time) if report.happened_earlier else time


def _lateness(report: Report) -> str:
    """How late the message is; nothing when it is not."""
    if _age_s(report) < LATE_S:
        return ""
    words = WORDINGS[report.language]
    late = words.late_at_least if report.happened_earlier else words.late
    return late.format(age=_duration(report.now - report.happened))


def _joined(*parts: str) -> str:
    return ", ".join(part for part in parts if part)


def _age_s(report: Report) -> float:
    return (report.now - report.happened).total_seconds()


def _found(report: Report, where: Where) -> str:
    """What stands before the link: nothing when the position and the alert are of now."""
    words = WORDINGS[report.language]
    at, age = _time(where.at, report.now, words), report.now - where.at
    if age > timedelta(seconds=FRESH_S):
        return words.position_old.format(at=at, age=_duration(age))
    return words.position_at.format(at=at) if _age_s(report) >= LATE_S else ""


def _time(time: datetime, now: datetime | None, words: Wording, alone: bool = False) -> str:
    """The time of day, with the day if that is not today's or `now` is None.

    It is part of a sentence unless it stands alone.
    """
    clock = f"{time:%H:%M}"
    if now is not None and time.date() == now.date():
        return clock if alone else words.at_today.format(clock=clock)
    day = f"{time:%d/%m}"
    if words.months is not None:
        day = f"{time.day} {words.months[time.month - 1]}"
    return words.at_day.format(day=day, clock=clock)


def _duration(age: timedelta) -> str:
    """Rounded down, so that "at least" stays true."""
    seconds = max(0, int(age.total_seconds()))
    if seconds < 60:
        return f"{seconds} s"
    minutes = seconds // 60
    if minutes < 120:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02d} min" if minutes else f"{hours} h"


def _accuracy(where: Where) -> str:
    """Rounded up, so that nobody searches too near."""
    metres = max(1, -int(-where.accuracy_m // 1))
    return f"{metres} m" if metres < 1000 else f"{-(-metres // 1000)} km"
