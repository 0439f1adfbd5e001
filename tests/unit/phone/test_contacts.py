"""The contacts file: what is read, and every way it can be wrong."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from vigie.errors import VigieError
from vigie.paths import DEMO
from vigie.phone.contacts import MAX_BYTES, Contact, SmtpAccount, load_contacts

GOOD = """\
[wearer]
name = "Claire"
language = "fr"

[[contacts]]
name = "Anaïs"
phone = "+33199001234"

[[contacts]]
name = "Karim"
phone = "+33261910042"
email = "karim@example.org"
"""


def write(folder: Path, content: str | bytes) -> Path:
    path = folder / "contacts.toml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def error_of(path: Path) -> str:
    with pytest.raises(VigieError) as caught:
        load_contacts(path)
    assert caught.value.hint
    return str(caught.value).replace(str(path), "FILE")


def test_a_good_file(tmp_path: Path) -> None:
    book = load_contacts(write(tmp_path, GOOD))
    assert (book.wearer.name, book.wearer.language) == ("Claire", "fr")
    assert book.wearer.timezone is None
    assert book.wearer.emergency_number == "112"
    assert book.contacts == (
        Contact("Anaïs", "+33199001234"),
        Contact("Karim", "+33261910042", "karim@example.org"),
    )
    assert book.smtp is None


def test_everything_that_can_be_said(tmp_path: Path) -> None:
    text = GOOD.replace(
        'language = "fr"',
        'language = "en"\ntimezone = "America/Toronto"\nemergency_number = "911"',
    )
    text += '[smtp]\nhost = "smtp.example.org"\nport = 2525\nfrom = "c@example.org"\n'
    text += 'user = "claire"\npassword_env = "MAIL_PASSWORD"\n'
    book = load_contacts(write(tmp_path, text))
    assert book.wearer.timezone == ZoneInfo("America/Toronto")
    assert book.wearer.emergency_number == "911"
    assert book.smtp == SmtpAccount(
        "smtp.example.org", "c@example.org", 2525, True, "claire", "MAIL_PASSWORD"
    )


def test_port_465_is_encrypted_from_the_first_byte(tmp_path: Path) -> None:
    smtp = '[smtp]\nhost = "smtp.example.org"\nport = 465\nfrom = "c@example.org"\n'
    login = 'user = "claire"\npassword_env = "MAIL_PASSWORD"\n'
    for starttls in ("", "starttls = false\n"):
        account = load_contacts(write(tmp_path, GOOD + smtp + login + starttls)).smtp
        assert account is not None
        assert (account.port, account.tls_at_once, account.starttls) == (465, True, False)


def test_a_file_from_windows(tmp_path: Path) -> None:
    path = write(tmp_path, b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert len(load_contacts(path).contacts) == 2
    path = write(tmp_path, b"\xef\xbb\xbf" + GOOD.replace("phone", "fone", 1).encode())
    assert error_of(path).startswith("FILE:7: unknown key 'fone'")


def test_the_demo_file() -> None:
    book = load_contacts(DEMO / "contacts.toml")
    assert book.wearer.name == "Claire"
    assert len(book.contacts) == 5


def test_accents_typed_as_separate_characters_are_composed(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD.replace("Claire", "  He\u0301lène "))
    assert load_contacts(path).wearer.name == "Hélène"


def test_what_just_fits_is_taken(tmp_path: Path) -> None:
    name = "x" * 40
    text = GOOD.replace("Claire", name)
    text += "#" * (MAX_BYTES - len(text.encode()))
    assert load_contacts(write(tmp_path, text)).wearer.name == name


def test_files_that_are_no_contacts_file(tmp_path: Path) -> None:
    missing = tmp_path / "missing.toml"
    assert error_of(missing) == "FILE: no such file\n  demo/contacts.toml is an example to copy."
    assert error_of(tmp_path).startswith("FILE: is a folder, not a contacts file")
    assert error_of(write(tmp_path, "")).startswith("FILE: is empty")
    assert error_of(write(tmp_path, GOOD + "#" * MAX_BYTES)).startswith(
        "FILE: is larger than 64 KiB, too large for a contacts file"
    )
    assert error_of(write(tmp_path, "# nothing\n")).startswith("FILE: the file has no 'wearer'")
    assert error_of(Path("a\0b")).startswith("'a\\x00b': is not a path")
    in_a_file = write(tmp_path, GOOD) / "contacts.toml"
    assert error_of(in_a_file).startswith("FILE: cannot be read: Not a directory")


def test_text_that_is_not_utf8(tmp_path: Path) -> None:
    assert error_of(write(tmp_path, GOOD.encode("latin-1"))) == (
        'FILE:6: is not UTF-8 text\n  Save it with the encoding "UTF-8".'
    )
    assert error_of(write(tmp_path, GOOD.encode("utf-16"))).startswith("FILE:1: is not UTF-8")


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("[wearer]\nname = Claire\n", "FILE:2:8: is not valid TOML: Invalid value"),
        ("[wearer]\nname = ", "FILE:2:8: is not valid TOML: Invalid value"),
        ('[wearer]\nname = "Claire', "FILE:2:15: is not valid TOML: Unterminated string"),
        ("[wearer]\nname\n\n\n", "FILE:2:5: is not valid TOML: Expected '=' after a key"),
        ("[wearer]\n[wearer]\n", "FILE:2:8: is not valid TOML: Cannot declare"),
        ("x = " + "[" * 20_000, "FILE: brackets are nested too deep"),
        ("x = " + "1" * 10_000, "FILE: is not valid TOML: Exceeds the limit"),
    ],
    ids=["value", "end", "quote", "equals", "twice", "deep", "digits"],
)
def test_broken_toml_names_line_and_column(tmp_path: Path, text: str, error: str) -> None:
    assert error_of(write(tmp_path, text)).startswith(error)


ONE = GOOD[: GOOD.rindex("[[contacts]]")]
SMTP = ONE + '[smtp]\nhost = "smtp.example.org"\nfrom = "c@example.org"\n'


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        ('name = "Claire"\n', "", "FILE:1: [wearer] has no 'name'\n  Add name ="),
        ('"Claire"', "5", "FILE:2: 'name' is a whole number\n  Make it a text in quotes"),
        ('"Claire"', '" "', "FILE:2: the name is empty"),
        ('"Claire"', '"C\\nBcc: x"', "FILE:2: the name holds a line break or an invisible"),
        ('"Claire"', '"C\u202eriale"', "FILE:2: the name holds a line break or an invisible"),
        ('"Claire"', f'"{"x" * 41}"', "FILE:2: the name has 41 characters"),
        ('language = "fr"\n', "", "FILE:1: [wearer] has no 'language'\n  Add language, one of fr"),
        ('"fr"', '"FR"', "FILE:3: messages cannot be written in 'FR'\n  Did you mean 'fr'?"),
        ('"fr"', '"de"', "FILE:3: messages cannot be written in 'de'\n  Known here: fr, en."),
        ('"fr"', '"fr"\nnme = 1', "FILE:4: unknown key 'nme'\n  Did you mean 'name'?"),
        ('"fr"', '"fr"\ntimezone = 2', "FILE:4: 'timezone' is a whole number"),
        (
            '"fr"',
            '"fr"\ntimezone = "Paris"',
            "FILE:4: unknown time zone 'Paris'\n  Did you mean 'Europe/Paris'?",
        ),
        (
            '"fr"',
            '"fr"\ntimezone = "europe/pariss"',
            "FILE:4: unknown time zone 'europe/pariss'\n  Did you mean 'Europe/Paris'?",
        ),
        ('"fr"', '"fr"\ntimezone = "../x"', "FILE:4: unknown time zone '../x'"),
        ('"fr"', '"fr"\ntimezone = "Europe"', "FILE:4: unknown time zone 'Europe'"),
        ('"fr"', '"fr"\ntimezone = ""', "FILE:4: unknown time zone ''"),
        ('"fr"', '"fr"\nemergency_number = "1 7"', "FILE:4: '1 7' is not an emergency number"),
        ("[wearer]", "[werer]", "FILE:1: unknown key 'werer'\n  Did you mean 'wearer'?"),
        ("[wearer]", "[[wearer]]", "FILE:1: [wearer] is a list\n  Make it a table."),
        ("[[contacts]]", "[[contact]]", "FILE:5: unknown key 'contact'\n  Did you mean 'cont"),
        ("[[contacts]]", "[contacts]", "FILE:5: 'contacts' is a table\n  Make it a list."),
        ('name = "Anaïs"\n', "", "FILE:5: [[contacts]] number 1 has no 'name'"),
        ('phone = "+33199001234"\n', "", "FILE:5: [[contacts]] number 1 has no 'phone'"),
        ('"Anaïs"', "true", "FILE:6: 'name' is true or false"),
        ('"Anaïs"', '"A\\u2028B"', "FILE:6: the name holds a line break"),
        ('"+33199001234"', "33199001234", "FILE:7: 'phone' is a whole number"),
        ('"+33199001234"', "2026-01-01", "FILE:7: 'phone' is a date or time"),
        ('"+33199001234"', '["+33199001234"]', "FILE:7: 'phone' is a list"),
        ('"+33199001234"', "1.5", "FILE:7: 'phone' is a number"),
        ("phone", "Phone", "FILE:7: unknown key 'Phone'\n  Did you mean 'phone'?"),
    ],
)
def test_a_flaw_is_named_with_its_line(tmp_path: Path, old: str, new: str, error: str) -> None:
    assert old in ONE
    assert error_of(write(tmp_path, ONE.replace(old, new, 1))).startswith(error)


@pytest.mark.parametrize(
    ("number", "error"),
    [
        (
            "01 99 00 12 34",
            "'01 99 00 12 34' is not in international form\n"
            '  If it is a French number, write "+33199001234".',
        ),
        ("0033199001234", "'0033199001234' is not in international form\n  If it is a French"),
        ("+33 1 99 00 12 34", 'is not in international form\n  Write "+33199001234".'),
        ("+33 (0)1 99 00 12 34", 'is not in international form\n  Write "+33199001234".'),
        ("+331990012", "'+331990012' is not a telephone number in use\n  Check its digits."),
        ("+33099001234", "'+33099001234' is not a telephone number in use"),
        ("+999123456789", "'+999123456789' is not a telephone number\n"),
        ("112", "'112' is not a telephone number in use"),
        ("Karim", "'Karim' is not a telephone number\n  Write \"+\", the country code"),
        ("", "'' is not a telephone number"),
    ],
)
def test_numbers_must_be_valid_e164(tmp_path: Path, number: str, error: str) -> None:
    found = error_of(write(tmp_path, ONE.replace("+33199001234", number)))
    assert found.startswith("FILE:7: ")
    assert error in found


def test_a_national_number_is_guessed_by_language(tmp_path: Path) -> None:
    text = ONE.replace('"fr"', '"en"').replace("+33199001234", "020 7183 8750")
    assert 'If it is a British number, write "+442071838750".' in error_of(write(tmp_path, text))


@pytest.mark.parametrize(
    ("email", "error"),
    [
        ("anais", "FILE:8: 'anais' is not a mail address\n  Write it like name@example.org."),
        ("a b@example.org", "is not a mail address"),
        ("a@b@example.org", "is not a mail address"),
        (".a@example.org", "is not a mail address"),
        ("a@example", "is not a mail address"),
        ("a@-example.org", "is not a mail address"),
        ("a@example.org\\r\\nBcc: b@example.org", "is not a mail address"),
        ("é@example.org", "is not a mail address"),
        ("x" * 65 + "@example.org", "is not a mail address"),
        ("Anaïs <a@example.org>", 'is more than an address\n  Write "a@example.org".'),
    ],
)
def test_mail_addresses_are_checked(tmp_path: Path, email: str, error: str) -> None:
    found = error_of(write(tmp_path, f'{ONE.rstrip()}\nemail = "{email}"\n'))
    assert found.startswith("FILE:8: ")
    assert error in found


def test_none_or_more_than_five_contacts(tmp_path: Path) -> None:
    wearer = ONE[: ONE.index("[[")]
    assert error_of(write(tmp_path, wearer)).startswith("FILE: the file has no 'contacts'\n  Add")
    assert error_of(write(tmp_path, f"contacts = []\n{wearer}")).startswith(
        "FILE:1: there is no contact\n  Add [[contacts]]"
    )
    assert error_of(write(tmp_path, f"contacts = [3]\n{wearer}")).startswith(
        "FILE:1: [[contacts]] number 1 is a whole number"
    )
    six = "".join(f'[[contacts]]\nname = "N{n}"\nphone = "+3319900000{n}"\n' for n in range(6))
    assert error_of(write(tmp_path, wearer + six)).startswith(
        "FILE:20: there are 6 contacts, 5 at most get an alert"
    )


def test_two_contacts_with_one_number(tmp_path: Path) -> None:
    assert error_of(write(tmp_path, GOOD.replace("+33261910042", "+33199001234"))).startswith(
        "FILE:11: the number +33199001234 is there twice, first in line 7"
    )


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ('password = "secret"', "FILE:12: a password does not belong in a file"),
        ('user = "c"', "FILE:9: [smtp] has no 'password_env'"),
        ('password_env = "P"', "FILE:9: [smtp] has no 'user'"),
        (
            'user = "c"\npassword_env = "hunter 2"',
            "FILE:13: password_env is not the name of an environment variable",
        ),
        ("port = 70000", "FILE:12: there is no port 70000\n  Most providers use 587 or 465."),
        (
            "port = 465\nstarttls = true",
            "FILE:13: port 465 is encrypted from the first byte, without STARTTLS\n  Take this",
        ),
        ("port = true", "FILE:12: 'port' is true or false\n  Make it a whole number."),
        ("starttls = 1", "FILE:12: 'starttls' is a whole number\n  Make it true or false."),
        (
            'starttls = false\nuser = "c"\npassword_env = "P"',
            "FILE:12: with starttls = false the password would be sent in clear",
        ),
        ("tls = true", "FILE:12: unknown key 'tls'\n  Known here: host, port, from, starttls"),
    ],
)
def test_flaws_of_the_mail_account(tmp_path: Path, line: str, error: str) -> None:
    found = error_of(write(tmp_path, f"{SMTP}{line}\n"))
    assert found.startswith(error)
    assert "hunter" not in found
    assert "secret" not in found


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        ('host = "smtp.example.org"\n', "", "FILE:9: [smtp] has no 'host'"),
        ('"smtp.example.org"', '"https://x"', "FILE:10: 'https://x' is not a host"),
        ('from = "c@example.org"\n', "", "FILE:9: [smtp] has no 'from'"),
        ('"c@example.org"', '"c"', "FILE:11: 'c' is not a mail address"),
    ],
)
def test_the_mail_account_needs_host_and_sender(
    tmp_path: Path, old: str, new: str, error: str
) -> None:
    assert error_of(write(tmp_path, SMTP.replace(old, new))).startswith(error)
