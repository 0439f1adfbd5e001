"""`vigie clicks record`: presses of a real key, from the board's serial console."""

import itertools
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, TextIO

import typer
from rich.console import Console

from vigie.boards import spec
from vigie.cli.folders import unwritable
from vigie.cli.port import opened
from vigie.errors import VigieError
from vigie.lab import hands, models
from vigie.lab.recorder import PAUSE_S, Recorder
from vigie.lab.traces import Trace


def command(
    out: Annotated[Path, typer.Argument(help="The trace file; recordings are added to it.")],
    on: Annotated[
        str,
        typer.Option(
            metavar="virtual|PORT",
            help="The serial port of a board; or a model hand on a virtual board.",
        ),
    ],
    board: Annotated[str, typer.Option(help="Which board it is.")] = "virtual",
    count: Annotated[int, typer.Option(min=1, help="How many recordings.")] = 10,
    label: Annotated[
        list[str] | None,
        typer.Option(help="What is pressed; with several, they are asked for in turn."),
    ] = None,
    pause: Annotated[
        float, typer.Option(min=0.7, help="Seconds without a press that end a recording.")
    ] = PAUSE_S,
    hand: Annotated[str, typer.Option(help="With --on virtual: who presses.")] = "young",
    switch: Annotated[str, typer.Option(help="With --on virtual: on which switch.")] = "tact",
    seed: Annotated[int, typer.Option(help="With --on virtual.")] = 1,
) -> None:
    """Record presses. The firmware stops meanwhile and starts again afterwards.

    Each recording is written as soon as it is over: Ctrl-C ends the session and loses none.

    Example: `vigie clicks record presses.jsonl --on /dev/ttyUSB0 --label single --label double`
    """
    board_spec = spec.load(board)
    labels = itertools.cycle(label or [None])
    screen = Console(stderr=True, highlight=False)
    with _appending(out) as file:
        if on == "virtual":
            from vigie.lab.record_virtual import virtual_recordings

            if hand not in models.hands() or switch not in models.switches():
                raise VigieError(f"There is no hand '{hand}' or no switch '{switch}'.",
                                 "They are in host/vigie/lab/data/.")  # fmt: skip
            wanted = [name or "single" for name in itertools.islice(labels, count)]
            _check(wanted)
            rng = random.Random(f"record {seed}")
            pair = models.hands()[hand], models.switches()[switch]
            _keep(virtual_recordings(board_spec, rng, *pair, wanted, pause), file, screen, wanted)
            return
        with opened(on) as transport:
            recorder = Recorder(transport, board_spec, pause)
            try:
                wanted = list(itertools.islice(labels, count))
                _keep(recorder.recordings(prefix=f"{out.stem}-"), file, screen, wanted)
            finally:
                recorder.stop()
            if recorder.lost:
                screen.print(f"{recorder.lost} edges came too fast and are missing.")


def _check(labels: list[str]) -> None:
    for name in labels:
        if name not in hands.LABELS:
            raise VigieError(f"No hand knows how to press '{name}'.",
                             f"Labels: {', '.join(hands.LABELS)}.")  # fmt: skip


def _keep(
    recordings: Iterator[Trace],
    file: TextIO,
    screen: Console,
    labels: Sequence[str | None],
) -> None:
    for i, label in enumerate(labels):
        screen.print(f"{i + 1} of {len(labels)}: press {label or 'the key'} ...", end="")
        trace = next(recordings)
        trace = Trace(trace.id, label, trace.edges)
        file.write(trace.as_json() + "\n")
        file.flush()
        screen.print(f" {len(trace.edges)} edges in {trace.end_us / 1000:.0f} ms")


def _appending(out: Path) -> TextIO:
    try:
        return out.open("a", encoding="utf-8")
    except OSError as e:
        raise unwritable(out, e) from None
