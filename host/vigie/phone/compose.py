"""From an alert in the outbox to the words of a message, at the moment of an attempt.

Words are chosen anew for each attempt, so that "late by 12 min" is true when it leaves.
"""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

from vigie.phone import texts
from vigie.phone.contacts import Wearer
from vigie.phone.language import Language
from vigie.phone.records import HeldAlert, Message

BATTERY_LOW_MV = 3600
"""Below this the contacts are told. A lithium cell under 3500 mV with load counts as empty."""

_REST_MV = ((3300, 0), (3600, 10), (3700, 25), (3800, 50), (3900, 65), (4000, 80), (4200, 100))
"""Charge in percent by the voltage of a lithium-ion cell at rest: the common shape of the curve,
good to ten percent or so."""


def compose(wearer: Wearer, alert: HeldAlert, message: Message, now: datetime) -> Message:
    """The message with subject and text."""
    report = _report(wearer, alert, message.repeat, now)
    if message.fingerprint:
        text = texts.fingerprint_text(report, message.fingerprint)
        return replace(message, subject=None, text=text)
    match message.channel:
        case "sms":
            return replace(message, subject=None, text=texts.sms_text(report))
        case "call":
            return replace(message, subject=None, text=texts.spoken_text(report))
        case "mail":
            subject, text = texts.mail_subject(report), texts.mail_text(report)
            return replace(message, subject=subject, text=text)


def _report(wearer: Wearer, alert: HeldAlert, repeat: bool, now: datetime) -> texts.Report:
    def local(at_ms: int) -> datetime:
        return datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(wearer.timezone)

    place = alert.place
    return texts.Report(
        name=wearer.name,
        language=wearer.language,
        level=alert.level,
        happened=local(alert.happened_at_ms),
        now=now.astimezone(wearer.timezone),
        happened_earlier=alert.happened_earlier,
        where=place and texts.Where(place.lat, place.lon, place.accuracy_m, local(place.at_ms)),
        battery=_battery(alert.battery_mv, wearer.language),
        repeat=repeat,
        emergency_number=wearer.emergency_number,
    )


def _battery(mv: int | None, language: Language) -> texts.Battery | None:
    if mv is None:
        return None
    percent = charge_percent(mv)
    charge = f"{percent} %" if language == "fr" else f"{percent}%"
    return texts.Battery(charge, mv < BATTERY_LOW_MV)


def charge_percent(mv: int) -> int:
    """About how full a lithium-ion cell is, to five percent: nobody should believe more."""
    for (low_mv, low), (high_mv, high) in pairwise(_REST_MV):
        if mv < high_mv:
            part = max(0.0, (mv - low_mv) / (high_mv - low_mv))
            return round((low + part * (high - low)) / 5) * 5
    return 100
