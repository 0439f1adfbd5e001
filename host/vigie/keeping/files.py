"""Writes what happened into a folder. One file that fails takes no other with it."""

import json
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from vigie.keeping import plain, presses
from vigie.keeping.happened import Happened, Said, Saw
from vigie.lab import traces


@dataclass(frozen=True, slots=True)
class Told:
    """What is said of a test: its short name, a title for the picture, and what to read first."""

    name: str
    title: str
    text: str


def write(story: Happened, told: Told, folder: Path) -> list[str]:
    """Write all files into a folder; what went wrong, a line for each."""
    wrong: list[str] = []
    for file, make in _files(story, told):
        try:
            make(folder / file)
        except Exception as e:  # whatever it is, the test's own failure counts
            wrong.append(f"{file}: {(str(e) or repr(e)).splitlines()[0]}")
    return wrong


def _files(story: Happened, told: Told) -> Iterator[tuple[str, Callable[[Path], object]]]:
    yield "failure.txt", lambda file: _text(file, iter([told.text]))
    for i, console in enumerate(story.consoles):
        file = "console.log" if i == 0 else f"console-{console.name}.log"
        yield file, lambda file, console=console: _text(file, _console(console))
    if story.edges is not None:
        edges = story.edges
        yield (
            "trace.jsonl",
            lambda file: traces.write(file, presses.recordings(edges, told.name)),
        )
    if story.outputs:
        yield "outputs.jsonl", lambda file: _text(file, _pulses(story))
    for phone in story.phones:
        yield f"{phone.name}.jsonl", lambda file, phone=phone: _text(file, _events(phone))
    yield "timeline.png", lambda file: _picture(story, told, file)


def _text(file: Path, lines: Iterator[str]) -> None:
    with file.open("w", encoding="utf-8", errors="backslashreplace") as f:
        f.writelines(f"{line}\n" for line in lines)


def _console(console: Said) -> Iterator[str]:
    for line in console.lines:
        yield f"{line.t_s:11.3f}  {line.text}"
    if console.rest:
        yield f"{'':11}  {console.rest}"


def _pulses(story: Happened) -> Iterator[str]:
    for output in story.outputs:
        for pulse in output.pulses:
            yield _pulse(output.name, pulse.on_s, round(pulse.off_s, 6))
        if output.on_since_s is not None:
            yield _pulse(output.name, output.on_since_s, None)


def _pulse(name: str, on_s: float, off_s: float | None) -> str:
    return json.dumps({"output": name, "on_s": round(on_s, 6), "off_s": off_s})


def _events(phone: Saw) -> Iterator[str]:
    return (plain.as_json(event) for event in phone.events)


def _picture(story: Happened, told: Told, file: Path) -> None:
    from vigie.keeping import picture  # matplotlib takes a second to load: only when it is needed

    # That a font lacks a character is nobody's failure.
    with warnings.catch_warnings(action="ignore"):
        picture.draw(story, told.title, file)
