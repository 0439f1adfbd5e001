"""What Vigie says, in each language. Plain words: they are read in fright.

Rules for whoever changes a sentence or adds a language:
- Nothing that may be untrue. No message knows whether anybody has called for help, so each says
  that it does not call itself. "Set off" stays true of a siren that has been stopped since. After
  an hour nobody knows whether she still needs help: the message says that she asked for it, when.
- What is late is the message, never the wearer.
- SMS texts keep to GSM-7 (`sms`): one "ê" or "ç" more than doubles their length.
- A prevention asks nobody to ring the wearer: a ringing phone can betray.
"""

from dataclasses import dataclass

from vigie.phone.language import Language


@dataclass(frozen=True)
class Wording:
    """Sentences of a language. Braces are filled in by `texts`."""

    someone: str
    headline: tuple[str, str, str, str]
    """By level, 1 to 4, with {name}."""
    past_headline: tuple[str, str, str, str]
    """The same for an alert of long ago, with {name} and {at}."""
    stand_by: str
    call_for_help: str
    past_call_for_help: str
    at_today: str
    """A time of today within a sentence, with {clock}; by itself it is the clock alone."""
    at_day: str
    """A time of another day, with {day} and {clock}, within a sentence or by itself."""
    months: tuple[str, ...] | None
    """Short names; None writes days as numbers."""
    or_earlier: str
    late: str
    late_at_least: str
    position: str
    position_at: str
    position_old: str
    position_unknown: str
    battery: str
    battery_low: str
    repeat: str

    fingerprint: str
    """Of a recording, with {name}, {at} and {fingerprint}."""

    spoken_intro: str
    spoken_time: str
    spoken_position: str

    mail_time: str
    mail_accuracy: str
    mail_battery: str
    mail_battery_low: str
    mail_footer: str


_FRENCH = Wording(
    someone="Quelqu'un",
    headline=(
        "{name} signale un danger possible",
        "URGENT : {name} a besoin d'aide",
        "URGENT : {name} a besoin d'aide",
        "ALARME, sirène déclenchée : {name} a besoin d'aide",
    ),
    past_headline=(
        "{name} a signalé un danger possible {at}",
        "{name} a demandé de l'aide {at}",
        "{name} a demandé de l'aide {at}",
        "Sirène : {name} a demandé de l'aide {at}",
    ),
    stand_by="Restez joignable, ne l'appelez pas.",
    call_for_help="Appelez le {number}, ce message ne le fait pas.",
    past_call_for_help=(
        "Si l'aide n'est pas venue, appelez le {number}, ce message ne le fait pas."
    ),
    at_today="à {clock}",
    at_day="le {day} à {clock}",
    months=None,
    or_earlier="{time} ou avant",
    late="message en retard de {age}",
    late_at_least="message en retard d'au moins {age}",
    position="Position : ",
    position_at="Position {at} : ",
    position_old="Position {at}, il y a {age} : ",
    position_unknown="Position inconnue.",
    battery="Batterie : {charge}.",
    battery_low="Batterie : {charge}, faible.",
    repeat="(répétition) ",
    fingerprint=(
        "Le son autour de {name} {at} est enregistré. Empreinte : {fingerprint}."
        " Gardez ce message : il montrera si on change l'enregistrement."
    ),
    spoken_intro="Message automatique.",
    spoken_time="Alerte donnée {at}.",
    spoken_position="La position part aussi par SMS.",
    mail_time="Quand : {time}",
    mail_accuracy="Précision : +/- {accuracy}",
    mail_battery="Batterie du bouton : {charge}",
    mail_battery_low="Batterie du bouton : {charge}, faible",
    mail_footer="Message automatique du bouton d'alerte ({name}).",
)

_ENGLISH_MONTHS = tuple("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split())  # noqa: SIM905

_ENGLISH = Wording(
    someone="Someone",
    headline=(
        "{name} warns of possible danger",
        "URGENT: {name} needs help",
        "URGENT: {name} needs help",
        "ALARM, siren set off: {name} needs help",
    ),
    past_headline=(
        "{name} warned of possible danger {at}",
        "{name} asked for help {at}",
        "{name} asked for help {at}",
        "Siren set off: {name} asked for help {at}",
    ),
    stand_by="Stay reachable, do not call {name}.",
    call_for_help="Call {number}, this message does not.",
    past_call_for_help="If help has not come, call {number}, this message does not.",
    at_today="at {clock}",
    at_day="on {day} at {clock}",
    months=_ENGLISH_MONTHS,
    or_earlier="{time} or earlier",
    late="message late by {age}",
    late_at_least="message late by at least {age}",
    position="Position: ",
    position_at="Position {at}: ",
    position_old="Position {at}, {age} ago: ",
    position_unknown="Position unknown.",
    battery="Battery: {charge}.",
    battery_low="Battery: {charge}, low.",
    repeat="(repeat) ",
    fingerprint=(
        "The sound around {name} {at} is recorded. Fingerprint: {fingerprint}."
        " Keep this message: it will show if anybody changes the recording."
    ),
    spoken_intro="Automatic message.",
    spoken_time="Alert given {at}.",
    spoken_position="The position also goes out by SMS.",
    mail_time="When: {time}",
    mail_accuracy="Accuracy: +/- {accuracy}",
    mail_battery="Battery of the button: {charge}",
    mail_battery_low="Battery of the button: {charge}, low",
    mail_footer="Automatic message of the alert button ({name}).",
)

WORDINGS: dict[Language, Wording] = {"fr": _FRENCH, "en": _ENGLISH}
