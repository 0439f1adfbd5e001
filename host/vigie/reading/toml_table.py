"""A TOML file read strictly: every complaint names file, line and remedy."""

import difflib
import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import TypeGuard

from vigie.errors import VigieError
from vigie.reading.files import read_limited
from vigie.reading.toml_lines import Keys, key_lines

_KINDS: dict[type, str] = {
    str: 'a text in quotes, like "this"',
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    dict: "a table",
    list: "a list",
}


class Table:
    """One table of a file and where it is. Taking a value checks its type."""

    def __init__(self, path: Path, lines: dict[Keys, int], where: Keys, values: object):
        self._path = path
        self._lines = lines
        self._where = where
        if not _is_table(values):
            raise self._wrong_type(values, dict)
        self._values = values

    def error(self, what: str, hint: str, key: str | None = None) -> VigieError:
        """An error at a key of this table, or at its head."""
        keys = self._where if key is None else (*self._where, key)
        line = self._lines.get(keys)
        return VigieError(
            f"{self._path}:{line}: {what}" if line else f"{self._path}: {what}", hint
        )

    def line(self, key: str) -> int:
        """The line of a key that is there."""
        return self._lines[(*self._where, key)]

    def allow(self, *known: str) -> None:
        """Refuse every key that is not known: a misspelt one would be without effect."""
        for key in self._values:
            if key not in known:
                raise self.error(f"unknown key {key!r}", suggestion(key, known), key)

    def __contains__(self, key: str) -> bool:
        return key in self._values

    @property
    def keys(self) -> list[str]:
        """What there is, in the file's order."""
        return list(self._values)

    def table(self, key: str, hint: str) -> "Table":
        """The table of this name, which must be there."""
        return Table(self._path, self._lines, (*self._where, key), self._get(key, hint))

    def tables(self, key: str, hint: str) -> list["Table"]:
        """The tables of this [[name]], which must be there."""
        values = self._get(key, hint)
        if not _is_list(values):
            raise self._wrong_type(values, list, key)
        where = (*self._where, key)
        return [Table(self._path, self._lines, (*where, n), v) for n, v in enumerate(values)]

    def text(self, key: str, hint: str) -> str:
        """The text of this key, which must be there."""
        value = self._get(key, hint)
        if not isinstance(value, str):
            raise self._wrong_type(value, str, key)
        return value

    def integer(self, key: str, hint: str) -> int:
        """The whole number of this key, which must be there."""
        value = self._get(key, hint)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self._wrong_type(value, int, key)
        return value

    def integers(self, key: str, hint: str) -> list[int]:
        """The whole numbers in the list of this key, which must be there."""
        values = self._get(key, hint)
        if not _is_list(values):
            raise self._wrong_type(values, list, key)
        numbers: list[int] = []
        for value in values:
            if not isinstance(value, int) or isinstance(value, bool):
                what = f"{key!r} has {_KINDS.get(type(value), 'a date or time')} in it"
                raise self.error(what, "Make it a list of whole numbers.", key)
            numbers.append(value)
        return numbers

    def number(self, key: str, hint: str) -> float:
        """The number of this key, which must be there; a whole one will do."""
        value = self._get(key, hint)
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise self._wrong_type(value, float, key)
        try:
            return float(value)
        except OverflowError:
            raise self.error(f"{key!r} is too large a number", hint, key) from None

    def flag(self, key: str, hint: str) -> bool:
        """The true or false of this key, which must be there."""
        value = self._get(key, hint)
        if not isinstance(value, bool):
            raise self._wrong_type(value, bool, key)
        return value

    def _get(self, key: str, hint: str) -> object:
        if key not in self._values:
            where = "the file" if not self._where else _name(self._where)
            raise self.error(f"{where} has no {key!r}", hint)
        return self._values[key]

    def _wrong_type(self, value: object, wanted: type, key: str | None = None) -> VigieError:
        name = _name(self._where) if key is None else repr(key)
        given = _KINDS.get(type(value), "a date or time")
        return self.error(f"{name} is {given}", f"Make it {_KINDS[wanted]}.", key)


def load_toml(path: Path, max_bytes: int, what: str, hint: str) -> Table:
    """The whole of a TOML file. Raises VigieError, with line and column where there is one."""
    data = read_limited(path, max_bytes, what, hint)
    try:
        text = data.decode("utf-8-sig")  # Windows editors put a mark before the text
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise VigieError(
            f"{path}:{line}: is not UTF-8 text", 'Save it with the encoding "UTF-8".'
        ) from None
    text = text.replace("\r\n", "\n")
    try:
        values = tomllib.loads(text)
        lines = key_lines(text)
    except RecursionError:
        raise VigieError(f"{path}: brackets are nested too deep", hint) from None
    except ValueError as error:
        raise _syntax_error(path, text, str(error)) from None
    return Table(path, lines, (), values)


def suggestion(wrong: str, known: Iterable[str]) -> str:
    """What may have been meant."""
    known = list(known)
    near = difflib.get_close_matches(wrong.lower(), known, n=1)
    if near:
        return f"Did you mean {near[0]!r}?"
    return f"Known here: {', '.join(known)}."


def _syntax_error(path: Path, text: str, message: str) -> VigieError:
    """`tomllib` tells the place in its message only, and not at all at the end of the file."""
    place = re.search(r" \(at line (\d+), column (\d+)\)$", message)
    if place:
        where, message = f"{place[1]}:{place[2]}", message[: place.start()]
    elif message.endswith(" (at end of document)"):
        last = text.rstrip("\n").rpartition("\n")[2]
        where = f"{text.rstrip(chr(10)).count(chr(10)) + 1}:{len(last) + 1}"
        message = message.removesuffix(" (at end of document)")
    else:
        return VigieError(f"{path}: is not valid TOML: {message}", "Correct it.")
    return VigieError(f"{path}:{where}: is not valid TOML: {message}", "Correct this line.")


def _name(where: Keys) -> str:
    """A table as a person would call it: "contact 2", not "contacts[1]"."""
    if len(where) == 2 and isinstance(where[1], int):
        return f"[[{where[0]}]] number {where[1] + 1}"
    return f"[{where[-1]}]"


def _is_table(value: object) -> TypeGuard[dict[str, object]]:
    return isinstance(value, dict)


def _is_list(value: object) -> TypeGuard[list[object]]:
    return isinstance(value, list)
