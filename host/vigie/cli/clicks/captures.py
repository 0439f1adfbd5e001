"""`vigie clicks import` and `export`: captures of logic analysers, CSV and VCD."""

from pathlib import Path
from typing import Annotated

import typer

from vigie.errors import VigieError
from vigie.lab import traces
from vigie.lab.captures import channel, csv_file, vcd_file

_FORMATS = {".csv": csv_file, ".vcd": vcd_file}


def import_command(
    capture: Annotated[Path, typer.Argument(help="A capture: .csv (Saleae, sigrok) or .vcd.")],
    out: Annotated[Path, typer.Argument(help="The trace file to write.")],
    line: Annotated[
        str | None, typer.Option("--channel", help="Its name; the first without it.")
    ] = None,
    active_low: Annotated[
        bool, typer.Option("--active-low", help="Low means pressed, as with a pull-up.")
    ] = False,
    pause_ms: Annotated[
        int, typer.Option(min=600, help="The key open for so long ends a recording.")
    ] = channel.PAUSE_MS,
    label: Annotated[str | None, typer.Option(help="What the presses were meant to be.")] = None,
) -> None:
    """Turn one channel of a capture into recordings.

    Example: `vigie clicks import key.vcd presses.jsonl --channel D0 --active-low`
    """
    samples = _format(capture).read(capture, line)
    found = list(
        channel.recordings(
            samples, name=capture.stem, label=label, active_low=active_low, pause_ms=pause_ms
        )
    )
    if not found:
        raise VigieError(f"{capture} holds no press on that channel.",
                         "Is it the right --channel? Does it need --active-low?")  # fmt: skip
    _write(out, lambda: traces.write(out, found))
    print(f"{out}: {len(found)} recordings")


def export_command(
    file: Annotated[Path, typer.Argument(help="A trace file, JSON Lines.")],
    capture: Annotated[Path, typer.Argument(help="The capture to write: .csv or .vcd.")],
) -> None:
    """Write recordings as one channel, `key`, high when pressed, five seconds apart.

    Example: `vigie clicks export presses.jsonl presses.vcd`
    """
    form = _format(capture)
    samples = channel.in_a_row(traces.read(file))

    def write() -> None:
        with capture.open("w", encoding="utf-8", newline="") as f:
            form.write(samples, f)

    _write(capture, write)
    print(capture)


def _format(capture: Path):  # a module
    if capture.suffix not in _FORMATS:
        raise VigieError(f"A capture is .csv or .vcd, not '{capture.name}'.",
                         "Export it from the logic analyser as one of them.")  # fmt: skip
    return _FORMATS[capture.suffix]


def _write(file: Path, write: object) -> None:
    assert callable(write)
    try:
        write()
    except OSError as e:
        raise VigieError(f"{file} cannot be written: {e.strerror}.",
                         "Choose another file.") from None  # fmt: skip
