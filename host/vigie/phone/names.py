"""Free text, such as names of people, that can do no harm in a message or a mail header."""

import unicodedata

NAME_MAX = 40
"""Longest name in characters: it stands in every SMS."""

_JOINERS = "\u200c\u200d"
"""Invisible, but part of how some languages and emoji are written."""


def is_unsafe(character: str) -> bool:
    """Whether a character breaks lines, is invisible or turns the writing direction."""
    category = unicodedata.category(character)
    return category in ("Cc", "Cs", "Zl", "Zp") or (category == "Cf" and character not in _JOINERS)


def one_line(text: str, max_characters: int) -> str:
    """A text on one line, without unsafe characters and of bounded length; may come out empty.

    Composed letters are used where there are some: "e" with a separate accent would force the
    long encoding of SMS, "é" does not.
    """
    text = unicodedata.normalize("NFC", text)
    text = "".join(" " if character.isspace() else character for character in text)
    text = "".join(character for character in text if not is_unsafe(character))
    return " ".join(text.split())[:max_characters].rstrip()


def clean_name(name: str) -> str:
    """A name as it may stand in a message; may come out empty."""
    return one_line(name, NAME_MAX)
