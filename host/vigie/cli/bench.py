"""`vigie bench`: the bench's own figures."""

import json
from typing import Annotated

import typer
from rich.table import Table

from vigie.bench.figures import measure
from vigie.cli.screen import Screen

_WHAT = {
    "idle_connected_ratio": "simulated / wall time, connected and idle",
    "chatty_ratio": "simulated / wall time, one message a second",
    "advertising_ratio": "simulated / wall time, advertising with nobody near",
    "scenarios_per_s": "whole scenarios a second on one core (boot, connect, click, five SMS)",
    "down_ms": "first edge to DOWN at the phone, ms",
    "alert_ms": "gesture decided to ALERT at the phone, ms",
    "boot_to_advertising_ms": "power to advertising, ms",
    "heap_free_bytes": "free heap after boot, bytes of the VM (twice the chip's)",
    "heap_free_after_alerts_bytes": "the same after 200 alerts",
}
_WHAT_OF_SOUND = {
    "stream_0": "five minutes of sound at 16 kHz over the air, and 60 alerts, ms",
    "stream_10": "the same with 10 % of all packets lost",
    "stream_30": "the same with 30 % of all packets lost",
    "stored": "a minute of sound on flash: lost while it is erased",
    "heap": "100 recordings at 8 kHz with 8 s of pre-roll, free heap of the VM",
    "mutations": "changed recordings, and those found out; seconds to check an hour of sound",
}


def command(
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Measure how fast the virtual world is and how quick the button in it.

    Example: `vigie bench --json`
    """
    screen = Screen(stderr=True)
    with screen.status("starting") as status:
        figures = measure(lambda what: status.update(what))
    if as_json:
        print(json.dumps(figures))
        return
    table = Table("figure", "value")
    for name, what in _WHAT.items():
        table.add_row(what, str(figures[name]))
    for name, what in _WHAT_OF_SOUND.items():
        table.add_row(what, json.dumps(figures["sound"][name]).replace('"', ""))
    Screen().print(table)
