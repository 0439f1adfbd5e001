"""`vigie bench`: the bench's own figures."""

import json
from dataclasses import asdict
from typing import Annotated

import typer
from rich.table import Table

from vigie.bench import bench_file, jitter
from vigie.bench.figures import measure
from vigie.bench.ports import device
from vigie.cli.screen import Screen
from vigie.errors import VigieError

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
    rig: Annotated[
        str | None,
        typer.Option(metavar="rts:PORT", help="Instead: how late the edges of this rig are."),
    ] = None,
) -> None:
    """Measure how fast the virtual world is and how quick the button in it.

    Each speed is that of the fastest of 20 parts: other work of the computer makes some slower.

    Example: `vigie bench --json`
    """
    if rig is not None:
        _rig(rig, as_json)
        return
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


def _rig(rig: str, as_json: bool) -> None:
    found = bench_file.parse_rig(rig)
    if found.kind != "rts":
        raise VigieError(f"Only the rig rts is measured here, not {found.kind}.",
                         "The rig board keeps time by a clock of its own.")  # fmt: skip
    late = jitter.measure(device(found.port))
    if as_json:
        print(json.dumps(asdict(late)))
    else:
        print(f"{late.edges} edges were late by {late.p50_ms} ms (median), {late.p99_ms} ms "
              f"(99 %), {late.most_ms} ms (the latest).")  # fmt: skip
