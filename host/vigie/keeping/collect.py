"""Gathers what happened from a test's fixtures."""

from collections.abc import Iterator, Mapping

from vigie.bench.phones import BenchPhone
from vigie.bench.protocol import Console, Rig
from vigie.bench.serial_board import SerialBoard
from vigie.bench.signal import Signal
from vigie.keeping.happened import Happened, Said, Saw, Sensed
from vigie.virtual.world import World


def happened(world: World, began_s: float | None, fixtures: Mapping[str, object]) -> Happened:
    """What happened until now.

    Args:
        world: of the test.
        began_s: when the test itself began; None if it has not.
        fixtures: by name.
    """
    now_s = world.loop.time()
    rig: Rig | None = fixtures.get("rig")  # pyright: ignore[reportAssignmentType]
    return Happened(
        began_s=began_s or 0.0,
        failed_s=now_s,
        consoles=tuple(_consoles(world, fixtures)),
        # A rig may have planned edges that are still to come.
        edges=tuple(edge for edge in rig.edges if edge[0] <= now_s) if rig else None,
        outputs=tuple(_sensed(rig)) if rig else (),
        phones=tuple(
            Saw(name, tuple(value.transcript.events))
            for name, value in fixtures.items()
            if isinstance(value, BenchPhone)
        ),
    )


def _consoles(world: World, fixtures: Mapping[str, object]) -> Iterator[Said]:
    """Of boards of software by the world's names for them: also of one that never started."""
    for place, board in zip(world.board_names, world.boards, strict=True):
        yield _said(place.name, board.console)
    for name, value in fixtures.items():
        if isinstance(value, SerialBoard):
            yield _said(name, value.console)


def _said(name: str, console: Console) -> Said:
    return Said(name, tuple(console.lines), console.text.rpartition("\n")[2])


def _sensed(rig: Rig) -> Iterator[Sensed]:
    for signal in (rig.siren, rig.indicator):
        if signal.name in rig.abilities:
            yield Sensed(signal.name, tuple(signal.pulses), _since(signal))


def _since(signal: Signal) -> float | None:
    return signal.since_s if signal.active else None
