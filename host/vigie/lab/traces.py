"""Traces of the key: JSON Lines, one recording a line.

`{"id": "t1", "label": "double", "edges": [[t_us, 1], [t_us, 0], ...]}`; 1 is pressed, `label` may
be absent. Reading streams, so a file of any size needs the memory of its longest line.
"""

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

from vigie.errors import VigieError

LINE_MAX = 16 * 1024 * 1024
"""Bytes of one recording: half a million edges."""
END_MOST_US = 3600 * 1_000_000
"""A recording is one gesture, or a stuck key: an hour is no recording but a mistake."""
_HOW = 'A line looks like {"id": "t1", "label": "single", "edges": [[0, 1], [90000, 0]]}.'

Edge = tuple[int, int]
"""Microseconds since the recording began, and the level: 1 pressed, 0 open."""


@dataclass(frozen=True, slots=True)
class Trace:
    """One recording of the key."""

    id: str
    label: str | None
    edges: tuple[Edge, ...]

    @property
    def end_us(self) -> int:
        """Time of the last edge."""
        return self.edges[-1][0] if self.edges else 0

    def as_json(self) -> str:
        """The line for a file."""
        label = {} if self.label is None else {"label": self.label}
        return json.dumps({"id": self.id, **label, "edges": [list(e) for e in self.edges]})


def read(file: Path) -> Iterator[Trace]:
    """The recordings of a file, one after the other; of standard input if the file is "-".

    Raises:
        VigieError: the file cannot be read or a line is wrong; it names line and field.
    """
    try:
        if str(file) == "-":
            yield from _read(sys.stdin.buffer, "standard input")
            return
        with file.open("rb") as f:
            yield from _read(f, str(file))
    except OSError as e:
        raise VigieError(f"{file} cannot be read: {e.strerror}.", "Check the path.") from None


def _read(lines: BinaryIO, name: str) -> Iterator[Trace]:
    number = 0
    while line := lines.readline(LINE_MAX + 1):
        number += 1
        where = f"{name}, line {number}"
        if len(line) > LINE_MAX:
            raise VigieError(
                f"{where} is longer than {LINE_MAX} bytes.",
                "A recording of one press is some kilobytes: this is no trace file.",
            )
        if line.strip():
            yield parse(line, where, number)


def write(file: Path, traces: Iterable[Trace]) -> None:
    """A file with these recordings, written as they come. Raises OSError."""
    with file.open("w", encoding="utf-8") as f:
        f.writelines(t.as_json() + "\n" for t in traces)


def parse(line: str | bytes, where: str, number: int) -> Trace:
    """The recording of a line.

    Args:
        line: JSON.
        where: file and line, for errors.
        number: names a recording without id.

    Raises:
        VigieError: it names the field.
    """
    try:
        raw: object = json.loads(line)
    except UnicodeDecodeError:
        raise VigieError(f"{where}: not UTF-8 text.", _HOW) from None
    except json.JSONDecodeError as e:
        what = f"{where}: not JSON: {e.msg} at column {e.colno}."
        raise VigieError(what, _HOW) from None
    except (ValueError, RecursionError) as e:
        raise VigieError(f"{where}: not JSON: {e}.", _HOW) from None
    if not isinstance(raw, dict):
        raise VigieError(f"{where}: not an object.", _HOW)
    fields = cast(dict[str, Any], raw)
    for name in fields:
        if name not in ("id", "label", "edges"):
            raise VigieError(f"{where}: unknown field '{name}'.", _HOW)
    if "edges" not in fields:
        raise VigieError(f"{where}: 'edges' is missing.", _HOW)
    name = _text(fields.get("id", str(number)), "id", where)
    label = None if fields.get("label") is None else _text(fields["label"], "label", where)
    return Trace(name, label, tuple(_edges(fields["edges"], where)))


def _text(value: object, field: str, where: str) -> str:
    if not isinstance(value, str) or not value.isprintable():
        raise VigieError(f"{where}: '{field}' is no printable text.", _HOW)
    return value


def _edges(raw: object, where: str) -> Iterator[Edge]:
    if not isinstance(raw, list):
        raise VigieError(f"{where}: 'edges' is no list.", _HOW)
    last_us, last_level = -1, 0
    for i, item in enumerate(cast(list[object], raw)):
        at = f"{where}: edges[{i}]"
        if not isinstance(item, list) or len(cast(Sequence[object], item)) != 2:
            raise VigieError(f"{at} is not a pair [t_us, level].", _HOW)
        t_us, level = cast(list[object], item)
        if type(t_us) is not int or type(level) is not int or level not in (0, 1):
            short = json.dumps(item)[:60]
            raise VigieError(f"{at} is {short}: whole microseconds and 0 or 1 are needed.", _HOW)
        if t_us < 0:
            raise VigieError(f"{at} has the negative time {t_us}.", _HOW)
        if t_us > END_MOST_US:
            raise VigieError(f"{at} at {t_us} us is more than an hour after the beginning.", _HOW)
        if t_us < last_us:
            raise VigieError(f"{at} at {t_us} us is earlier than the edge before it.", _HOW)
        if level == last_level:
            word = "pressed" if level else "open"
            raise VigieError(f"{at} repeats the level {level}: the key is {word} already.", _HOW)
        last_us, last_level = t_us, level
        yield t_us, level
