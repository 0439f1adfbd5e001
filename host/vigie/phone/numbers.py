"""Telephone numbers and mail addresses: what is wrong with one, and how to write it."""

import re
from typing import NamedTuple

import phonenumbers

from vigie.phone.language import Language

_HOME = {"fr": ("FR", "a French"), "en": ("GB", "a British")}
"""Country whose national form is guessed, by language."""

_HOW = 'Write "+", the country code and the number, without spaces: +33199001234.'

_LOCAL_PART = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_EMAIL = re.compile(
    rf"(?=.{{1,64}}@){_LOCAL_PART}@(?=.{{1,253}}\Z)(?:{_LABEL}\.)+[A-Za-z]{{2,63}}"
)
_EMAIL_INSIDE = re.compile(rf"<({_LOCAL_PART}@(?:{_LABEL}\.)+[A-Za-z]{{2,63}})>")


class Problem(NamedTuple):
    """What is wrong and what to do."""

    what: str
    hint: str


def phone_problem(text: str, language: Language) -> Problem | None:
    """What is wrong with a telephone number, which must be in E.164 form and valid."""
    region, adjective = _HOME[language]
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return Problem(f"{text!r} is not a telephone number", _HOW)
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if not phonenumbers.is_valid_number(number):
        return Problem(f"{text!r} is not a telephone number in use", f"Check its digits. {_HOW}")
    if text == e164:
        return None
    if text.lstrip().startswith("+"):
        return Problem(f"{text!r} is not in international form", f'Write "{e164}".')
    return Problem(
        f"{text!r} is not in international form", f'If it is {adjective} number, write "{e164}".'
    )


def email_problem(text: str) -> Problem | None:
    """What is wrong with a mail address. Only the usual kind is accepted, in ASCII."""
    if _EMAIL.fullmatch(text):
        return None
    inside = _EMAIL_INSIDE.search(text)
    if inside:
        return Problem(f"{text!r} is more than an address", f'Write "{inside[1]}".')
    return Problem(f"{text!r} is not a mail address", "Write it like name@example.org.")
