"""`vigie parity`: does a board do the same as the virtual one, and when?"""

import json
from pathlib import Path
from typing import Annotated

import typer

from vigie.bench import bench_file
from vigie.bench.parity import at_port, report
from vigie.bench.parity.compare import compare
from vigie.bench.parity.sequence import SEQUENCE
from vigie.boards import spec
from vigie.cli.screen import Screen
from vigie.errors import VigieError


def command(
    port: Annotated[str, typer.Option(help="The board's serial port.")] = "",
    rig: Annotated[str, typer.Option(help="What presses its key: board:PORT.")] = "",
    phone: Annotated[str, typer.Option(help="adapter, adapter:hci1, hci:HOST:PORT, none.")] = "",
    board: Annotated[str, typer.Option(help="Which board it is.")] = "",
    bench: Annotated[
        Path | None, typer.Option(metavar="FILE", help="All of this from a file: benches/.")
    ] = None,
    rounds: Annotated[int, typer.Option(min=1, max=100, help="A round takes a minute.")] = 3,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Play the same presses on a board at its port and on a free-running virtual one.

    Prints how far the times of their events differ, by kind of event. The board forgets its
    alerts and is reset. Exit code 1 if what happens differs, or p99 is more than 10 ms: of a kind
    with fewer than 100 events, the greatest difference.

    Example: `vigie board --firmware --realtime --bench` in another terminal, and then
    `vigie parity --port /dev/pts/5 --rig board:/dev/pts/6 --phone hci:127.0.0.1:40123`
    """
    place = bench_file.from_words(bench, port=port, board=board, rig=rig, phone=phone)
    if place is None:
        raise VigieError("There is no board to compare.", "Name it: --port PORT, or --bench FILE.")
    board_spec = spec.load(place.board)
    screen = Screen(stderr=True)
    with screen.status("the board at the port") as status:
        run = at_port.run(place, board_spec, SEQUENCE, rounds, status.update)
        status.update("free-running boards")
        with_phone = place.phone.kind != "none"
        found = compare(run, board_spec, SEQUENCE, rounds=rounds, with_phone=with_phone)
    if as_json:
        print(json.dumps(report.as_json(found)))
    else:
        out = Screen()
        out.print(report.table(found.verdict))
        for line in report.words(found):
            out.print(line)
    if found.verdict.flaws:
        raise typer.Exit(1)
