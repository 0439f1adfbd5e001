"""The contacts file: who wears the button, whom it calls for help, and the mail account.

`demo/contacts.toml` is a commented example. Nothing is guessed: what is misspelt, missing or
doubtful is refused when the phone starts, with the line, and not found out during an alert.
"""

import re
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

from vigie.phone.language import LANGUAGES, Language
from vigie.phone.names import NAME_MAX, clean_name, is_unsafe
from vigie.phone.numbers import Problem, email_problem, phone_problem
from vigie.reading.toml_table import Table, load_toml, suggestion

MAX_BYTES = 64 * 1024
MAX_CONTACTS = 5

_SEE = "demo/contacts.toml is an example to copy."
_SMTPS_PORT = 465


@dataclass(frozen=True)
class Wearer:
    """Who wears the button, as the messages need it."""

    name: str
    language: Language = "en"
    timezone: tzinfo | None = None
    """Where the times in messages are local; None is the zone of the system."""
    emergency_number: str = "112"
    """What contacts are told to call: 112 works in all of Europe and in most mobile networks."""


@dataclass(frozen=True)
class Contact:
    """Someone who gets the alerts. The telephone number, in E.164 form, is the identity."""

    name: str
    phone: str
    email: str | None = None


@dataclass(frozen=True)
class SmtpAccount:
    """Where mail is handed in. The password is in the environment, never in the file."""

    host: str
    sender: str
    port: int = 587
    starttls: bool = True
    user: str | None = None
    password_env: str | None = None
    tls_at_once: bool = False
    """Encrypted from the first byte, as at port 465, and so without STARTTLS."""


@dataclass(frozen=True)
class AddressBook:
    """All of a contacts file."""

    wearer: Wearer
    contacts: tuple[Contact, ...]
    smtp: SmtpAccount | None = None


def load_contacts(path: Path) -> AddressBook:
    """Read a contacts file. Raises VigieError with file, line and remedy."""
    file = load_toml(path, MAX_BYTES, "contacts file", _SEE)
    file.allow("wearer", "contacts", "smtp")
    wearer = _wearer(file.table("wearer", 'Begin with [wearer], name = "..." and language.'))
    contacts = _contacts(file, wearer.language)
    smtp = _smtp(file.table("smtp", "")) if "smtp" in file else None
    return AddressBook(wearer, contacts, smtp)


def _wearer(table: Table) -> Wearer:
    table.allow("name", "language", "timezone", "emergency_number")
    language = table.text("language", f"Add language, one of {', '.join(LANGUAGES)}.")
    for known in LANGUAGES:
        if language == known:
            return Wearer(_person(table), known, _timezone(table), _emergency_number(table))
    what = f"messages cannot be written in {language!r}"
    raise table.error(what, suggestion(language, LANGUAGES), "language")


def _timezone(table: Table) -> tzinfo | None:
    if "timezone" not in table:
        return None
    name = table.text("timezone", "")
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown, not a name at all, or a folder of zones
        hint = suggestion(name, ["Europe/Paris"])
        near = [zone for zone in sorted(available_timezones()) if name.lower() in zone.lower()]
        if name and near:
            hint = f"Did you mean {near[0]!r}?"
        raise table.error(f"unknown time zone {name!r}", hint, "timezone") from None


def _emergency_number(table: Table) -> str:
    if "emergency_number" not in table:
        return Wearer.emergency_number
    number = table.text("emergency_number", "")
    if not re.fullmatch(r"[0-9]{2,6}", number):
        what = f"{number!r} is not an emergency number"
        raise table.error(what, 'Write digits only, like "112".', "emergency_number")
    return number


def _contacts(file: Table, language: Language) -> tuple[Contact, ...]:
    how = "Add [[contacts]] with name and phone, one for each person, five at most."
    tables = file.tables("contacts", how)
    if not tables:
        raise file.error("there is no contact", how, "contacts")
    if len(tables) > MAX_CONTACTS:
        what = f"there are {len(tables)} contacts, {MAX_CONTACTS} at most get an alert"
        raise tables[MAX_CONTACTS].error(what, "Keep the five who can help soonest.")
    contacts: list[Contact] = []
    lines: dict[str, int] = {}
    for table in tables:
        contact = _contact(table, language)
        if contact.phone in lines:
            what = (
                f"the number {contact.phone} is there twice, first in line {lines[contact.phone]}"
            )
            raise table.error(what, "Give each contact a number of their own.", "phone")
        lines[contact.phone] = table.line("phone")
        contacts.append(contact)
    return tuple(contacts)


def _contact(table: Table, language: Language) -> Contact:
    table.allow("name", "phone", "email")
    name = _person(table)
    phone = table.text("phone", 'Add phone = "+33199001234", with the country code.')
    _refuse(table, "phone", phone_problem(phone, language))
    return Contact(name, phone, _email(table, "email") if "email" in table else None)


def _smtp(table: Table) -> SmtpAccount:
    if "password" in table:
        raise table.error(
            "a password does not belong in a file",
            'Put it into an environment variable and write password_env = "ITS_NAME".',
            "password",
        )
    table.allow("host", "port", "from", "starttls", "user", "password_env")
    host = table.text("host", 'Add host = "smtp.example.org", the server of your mail provider.')
    if not re.fullmatch(r"[A-Za-z0-9._:-]{1,253}", host):
        raise table.error(f"{host!r} is not a host", "Write its name only, no https://.", "host")
    port = table.integer("port", "") if "port" in table else SmtpAccount.port
    if not 0 < port < 65536:
        what = f"there is no port {port}"
        raise table.error(what, "Most providers use 587 or 465.", "port")
    tls_at_once = port == _SMTPS_PORT
    if "from" not in table:
        table.text("from", 'Add from = "you@example.org", the address of the account.')
    sender = _email(table, "from")
    starttls = table.flag("starttls", "") if "starttls" in table else not tls_at_once
    if starttls and tls_at_once:
        what = "port 465 is encrypted from the first byte, without STARTTLS"
        raise table.error(what, "Take this line away.", "starttls")
    user, password_env = _login(table)
    if user and not starttls and not tls_at_once:
        what = "with starttls = false the password would be sent in clear"
        raise table.error(what, "Take this line away, or take user away.", "starttls")
    return SmtpAccount(host, sender, port, starttls, user, password_env, tls_at_once)


def _login(table: Table) -> tuple[str | None, str | None]:
    if "user" not in table and "password_env" not in table:
        return None, None
    user = table.text("user", "A password needs a user: add user.")
    password_env = table.text("password_env", "Add password_env, the NAME of a variable.")
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", password_env):
        what = "password_env is not the name of an environment variable"  # it may be the password
        raise table.error(what, 'Write a name like "VIGIE_SMTP_PASSWORD".', "password_env")
    return user, password_env


def _person(table: Table) -> str:
    name = table.text("name", 'Add name = "...", as the contacts know it.')
    if any(is_unsafe(character) for character in name):
        raise table.error(
            "the name holds a line break or an invisible character",
            "Type the name anew, on one line.",
            "name",
        )
    if len(name) > NAME_MAX:
        what = f"the name has {len(name)} characters, it stands in every SMS"
        raise table.error(what, f"Shorten it to {NAME_MAX} characters.", "name")
    if not clean_name(name):
        raise table.error("the name is empty", "Write the name that the contacts know.", "name")
    return clean_name(name)


def _email(table: Table, key: str) -> str:
    email = table.text(key, "")
    _refuse(table, key, email_problem(email))
    return email


def _refuse(table: Table, key: str, problem: Problem | None) -> None:
    if problem:
        raise table.error(problem.what, problem.hint, key)
