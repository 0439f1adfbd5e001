"""VCD captures (IEEE 1364), as sigrok, Saleae and simulators write them."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import BinaryIO, TextIO

from vcd.common import TimescaleUnit
from vcd.reader import ScalarChange, Token, TokenKind, VCDParseError, VectorChange, tokenize
from vcd.writer import VCDWriter

from vigie.errors import VigieError
from vigie.lab.captures.channel import Sample

_UNITS_US = {
    TimescaleUnit.second: Fraction(10**6),
    TimescaleUnit.millisecond: Fraction(10**3),
    TimescaleUnit.microsecond: Fraction(1),
    TimescaleUnit.nanosecond: Fraction(1, 10**3),
    TimescaleUnit.picosecond: Fraction(1, 10**6),
    TimescaleUnit.femtosecond: Fraction(1, 10**9),
}
_HOW = "Export the capture as VCD, with the key on a channel of one bit."


def read(file: Path, channel: str | None = None) -> Iterator[Sample]:
    """The samples of a channel: the one of that name, or the first of one bit.

    Raises:
        VigieError: the file is no capture.
    """
    try:
        with file.open("rb") as f:
            yield from _read(f, str(file), channel)
    except OSError as e:
        raise VigieError(f"{file} cannot be read: {e.strerror}.", "Check the path.") from None
    except VCDParseError as e:
        raise VigieError(f"{file}, line {e.loc.line}: no VCD ({e}).", _HOW) from None
    except UnicodeDecodeError:
        raise VigieError(f"{file} is not text.", _HOW) from None


def write(samples: Iterable[Sample], file: TextIO) -> None:
    """A capture with the one channel `key`."""
    with VCDWriter(file, timescale="1 us", date="", version="vigie") as writer:
        key = writer.register_var("board", "key", "wire", size=1, init=0)
        for t_us, level in samples:
            writer.change(key, t_us, level)


class _Channel:
    """Follows one variable through the tokens of a file."""

    def __init__(self, name: str, channel: str | None):
        self._name = name
        self._channel = channel
        self._scale = Fraction(1)
        self._there: list[str] = []
        self._now = 0
        self.code: str | None = None

    def declare(self, token: Token) -> None:
        """A token of the head."""
        if token.kind is TokenKind.TIMESCALE:
            magnitude, unit = token.timescale
            if unit not in _UNITS_US:
                raise VigieError(f"{self._name}: times in {unit.value} are too fine.", _HOW)
            self._scale = magnitude * _UNITS_US[unit]
        elif token.kind is TokenKind.VAR and token.var.size == 1:
            name = token.var.reference
            self._there.append(name)
            if self.code is None and self._channel in (None, name):
                self.code = token.var.id_code
        elif token.kind is TokenKind.ENDDEFINITIONS and self.code is None:
            there = f"There are: {', '.join(self._there)}." if self._there else _HOW
            wanted = f"channel '{self._channel}'" if self._channel else "channel of one bit"
            raise VigieError(f"{self._name} has no {wanted}.", there)

    def sample(self, token: Token) -> Sample | None:
        """What a token of the body says of the channel."""
        if token.kind is TokenKind.CHANGE_TIME:
            self._now = token.time_change
        change = token.data
        if (
            isinstance(change, ScalarChange | VectorChange)
            and change.id_code == self.code
            and str(change.value) in ("0", "1")
        ):
            return round(self._now * self._scale), int(change.value)
        return None


def _read(file: BinaryIO, name: str, channel: str | None) -> Iterator[Sample]:
    followed = _Channel(name, channel)
    for token in tokenize(file):  # pyright: ignore[reportArgumentType]  # any file has readinto
        followed.declare(token)
        if sample := followed.sample(token):
            yield sample
    if followed.code is None:
        raise VigieError(f"{name} holds no capture.", _HOW)
