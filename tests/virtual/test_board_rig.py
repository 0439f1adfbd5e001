"""The rig `board` on two virtual boards with wires between them: one plays, one is played on."""

import asyncio
from collections.abc import Generator
from pathlib import Path

import pytest

from vigie.bench.board_rig import USUAL_PINS, BoardRig, PlayerPins, start_player
from vigie.bench.signal import felt
from vigie.bench.virtual_bench import Wires
from vigie.boards.spec import BoardSpec
from vigie.errors import VigieError
from vigie.lab.traces import Edge
from vigie.virtual.board import VirtualBoard
from vigie.virtual.serial import LoopTransport
from vigie.virtual.world import World

PINS = USUAL_PINS
WITHIN_US = 15
"""The player looks at its clock every few microseconds."""


class ConsoleWire:
    """The serial line of a virtual board."""

    def __init__(self, board: VirtualBoard):
        self.hear = board.console.hear
        self.write = board.console.type


@pytest.fixture
def player(world: World, board_spec: BoardSpec, tmp_path: Path) -> VirtualBoard:
    """A second board with nothing but MicroPython on it."""
    player = world.add_board(board_spec, tmp_path / "player")

    async def start() -> None:
        player.power_on()
        await player.console.said("help")

    world.run(start())
    return player


@pytest.fixture
def wires(player: VirtualBoard, cold_board: VirtualBoard) -> Wires:
    return Wires(player, cold_board)


@pytest.fixture
def board_rig(
    world: World, player: VirtualBoard, wires: Wires, board: VirtualBoard
) -> Generator[BoardRig]:
    """The rig, ready to play."""
    transport = LoopTransport(world.loop, player)
    start_player(transport, PINS, key_low=True, indicator_low=False)
    transport.close()

    async def start() -> BoardRig:
        rig = BoardRig(ConsoleWire(player), PINS, world.fail)
        await rig.ready()
        return rig

    rig = world.run(start())
    yield rig
    rig.close()


def gaps_us(edges: list[tuple[float, int]]) -> list[float]:
    return [(t_s - edges[0][0]) * 1e6 for t_s, _ in edges]


async def test_edges_arrive_with_their_times_to_the_microsecond(
    board: VirtualBoard, board_rig: BoardRig, wires: Wires
) -> None:
    played: list[Edge] = [(0, 1), (150, 0), (400, 1), (90_000, 0), (90_700, 1), (91_000, 0)]
    played += [(210_000, 1), (300_123, 0)]
    await asyncio.sleep(board_rig.play(played))
    await board.console.said("gesture double", within_s=2)
    assert [level for _, level in wires.edges] == [level for _, level in played]
    assert gaps_us(wires.edges) == pytest.approx([t for t, _ in played], abs=WITHIN_US)
    assert [level for _, level in board_rig.edges] == [level for _, level in played]
    known_s, true_s = ([t_s for t_s, _ in edges] for edges in (board_rig.edges, wires.edges))
    assert known_s == pytest.approx(true_s, abs=0.002)


async def test_a_press_is_known_to_the_moment(
    board: VirtualBoard, board_rig: BoardRig, wires: Wires
) -> None:
    pressed_s = await board_rig.press(100)
    (on_s, _), (off_s, _) = wires.edges
    assert pressed_s == pytest.approx(on_s, abs=0.002)
    assert board_rig.clock_error_s < 0.002
    assert off_s - on_s == pytest.approx(0.1, abs=WITHIN_US / 1e6)


async def test_pauses_longer_than_its_clock_counts_are_kept(
    board: VirtualBoard, board_rig: BoardRig, wires: Wires
) -> None:
    pause_us = 1_300_000_000
    board_rig.play([(0, 1), (90_000, 0), (pause_us, 1), (pause_us + 90_000, 0)])
    await asyncio.sleep(1400)
    assert gaps_us(wires.edges)[2] == pytest.approx(pause_us, abs=WITHIN_US)


async def test_what_is_felt_and_heard_is_sensed_with_its_times(
    board: VirtualBoard, board_rig: BoardRig, wires: Wires
) -> None:
    outputs = board.gpio.outputs
    pressed_s = await board_rig.press(2500)
    await board_rig.siren.becomes(True, within_s=1)
    assert board_rig.siren.since_s - (pressed_s + 2.0) <= 0.150
    await asyncio.sleep(5)
    sounded = [o.t_s for o in outputs if o.pin == board.spec.siren.pin and o.active]
    assert board_rig.siren.since_s == pytest.approx(sounded[0], abs=0.002)
    assert [f.name for f in felt(board_rig.indicator.pulses)][:1] == ["registered"]


async def test_the_key_can_be_held_and_let_go(
    board: VirtualBoard, board_rig: BoardRig, wires: Wires
) -> None:
    board_rig.set_key(1)
    await board.console.said("gesture long", within_s=3)
    board_rig.set_key(0)
    await asyncio.sleep(1)
    assert [level for _, level in wires.edges] == [1, 0]
    (pressed_s, down), (released_s, up) = board_rig.edges
    assert (down, up) == (1, 0)
    assert released_s - pressed_s == pytest.approx(
        wires.edges[1][0] - wires.edges[0][0], abs=0.005
    )


async def test_a_second_board_that_falls_silent_is_a_failure_with_a_reason(
    board: VirtualBoard, board_rig: BoardRig, player: VirtualBoard
) -> None:
    player.power_off()
    with pytest.raises(TimeoutError, match="does not answer"):
        await board_rig.press()


def test_a_second_board_without_such_pins_is_refused(world: World, player: VirtualBoard) -> None:
    transport = LoopTransport(world.loop, player)
    pins = PlayerPins(99, None, None)
    with pytest.raises(VigieError, match="invalid pin"):
        start_player(transport, pins, key_low=True, indicator_low=False)
    transport.close()
