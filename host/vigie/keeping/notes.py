"""What boards said and phones saw in a stretch of time, as lines for a picture. Pure."""

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from vigie.keeping.happened import Happened
from vigie.keeping.plain import in_words

MOST = 26
"""Lines of one speaker in a view: more would be too small to read."""
_CHARACTERS = 72
_SAME_S = 0.05
"""The same words again within this time are one line."""


@dataclass(frozen=True, slots=True)
class Note:
    """A line of a picture."""

    t_s: float
    text: str


def spoken(story: Happened) -> Iterator[tuple[str, list[Note]]]:
    """Each speaker and all its lines, phones first."""
    for phone in story.phones:
        yield phone.name, [Note(event.t_s, in_words(event)) for event in phone.events]
    for console in story.consoles:
        yield (
            f"{console.name} says",
            [Note(line.t_s, line.text) for line in console.lines if line.text.strip()],
        )


def readable(notes: Iterable[Note]) -> list[Note]:
    """What fits a view; if not all does, the last ones, behind a line that says so."""
    lines = [_together(list(same)) for same in _repeated(notes)]
    if len(lines) > MOST:
        left_out = len(lines) - MOST + 1
        first = lines[left_out]
        lines[:left_out] = [Note(first.t_s, f"... after {left_out} lines that are not shown")]
    return lines


def _repeated(notes: Iterable[Note]) -> Iterator[list[Note]]:
    for _, same in itertools.groupby(notes, key=lambda note: note.text):
        run: list[Note] = []
        for note in same:
            if run and note.t_s - run[-1].t_s > _SAME_S:
                yield run
                run = []
            run.append(note)
        yield run


def _together(same: list[Note]) -> Note:
    text = shown(same[0].text, _CHARACTERS)
    if len(same) > 1:
        text += f"  ({len(same)} times)"
    return Note(same[0].t_s, text)


def shown(text: str, most: int) -> str:
    """No more than so many characters, all of which can be drawn."""
    text = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
    return text if len(text) <= most else text[: most - 3] + "..."
