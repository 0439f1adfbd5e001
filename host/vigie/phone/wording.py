"""What Vigie says, in each language. Plain words: they are read in fright.

Rules for whoever changes a sentence or adds a language:
- Nothing that may be untrue. No message knows whether anybody has called for help, so each says
  that it does not call itself. "Set off" stays true of a siren that has been stopped since.
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
    stand_by: str
    call_for_help: str
    or_earlier: str
    late: str
    late_at_least: str
    months: tuple[str, ...] | None
    """Short names; None writes days as numbers."""
    position: str
    position_at: str
    position_old: str
    position_unknown: str
    battery: str
    battery_low: str
    repeat: str

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
    stand_by="Restez joignable.",
    call_for_help="Appelez le {number}, ce message ne le fait pas.",
    or_earlier="{time} ou avant",
    late="{time}, en retard de {age}",
    late_at_least="{time}, en retard d'au moins {age}",
    months=None,
    position="Position : ",
    position_at="Position à {time} : ",
    position_old="Position de {time}, il y a {age} : ",
    position_unknown="Position inconnue.",
    battery="Bouton : {charge}.",
    battery_low="Bouton : {charge}, batterie faible.",
    repeat="(répétition) ",
    spoken_intro="Message automatique.",
    spoken_time="Alerte donnée à {time}.",
    spoken_position="Regardez vos SMS pour la position.",
    mail_time="Heure : {time}",
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
    stand_by="Stay reachable.",
    call_for_help="Call {number}, this message does not.",
    or_earlier="{time} or earlier",
    late="{time}, late by {age}",
    late_at_least="{time}, late by at least {age}",
    months=_ENGLISH_MONTHS,
    position="Position: ",
    position_at="Position at {time}: ",
    position_old="Position at {time}, {age} ago: ",
    position_unknown="Position unknown.",
    battery="Button: {charge}.",
    battery_low="Button: {charge}, battery low.",
    repeat="(repeat) ",
    spoken_intro="Automatic message.",
    spoken_time="Alert given at {time}.",
    spoken_position="See your text messages for the position.",
    mail_time="Time: {time}",
    mail_accuracy="Accuracy: +/- {accuracy}",
    mail_battery="Battery of the button: {charge}",
    mail_battery_low="Battery of the button: {charge}, low",
    mail_footer="Automatic message of the alert button ({name}).",
)

WORDINGS: dict[Language, Wording] = {"fr": _FRENCH, "en": _ENGLISH}
