"""The click lab on boards: recorded, replayed on the chip's interpreter and through all of it."""

import asyncio
import random
from pathlib import Path

import pytest

from button.core.clicks import Timing
from tests.unit.lab.vectors import cases
from vigie.bench.virtual_rig import VirtualRig
from vigie.boards.spec import BoardSpec
from vigie.errors import VigieError
from vigie.lab import corpus, models
from vigie.lab.detect import detect, timing_of
from vigie.lab.on_board import on_chip, on_virtual
from vigie.lab.record_virtual import virtual_recordings
from vigie.lab.recorder import Recorder
from vigie.lab.traces import Trace
from vigie.virtual.board import VirtualBoard
from vigie.virtual.serial import LoopTransport
from vigie.virtual.world import World

PARITY_MS = 10


def boot(world: World, board: VirtualBoard) -> LoopTransport:
    async def start() -> None:
        board.power_on()
        await board.console.said("advertising", within_s=5)

    world.run(start())
    return LoopTransport(world.loop, board)


def test_the_chips_interpreter_decides_every_case_as_this_one(
    world: World, cold_board: VirtualBoard
) -> None:
    transport = boot(world, cold_board)
    known = cases()
    found = list(on_chip(transport, [c.trace for c in known], Timing()))
    transport.close()
    assert [gestures for _, gestures in found] == [c.gestures for c in known]


def test_the_whole_firmware_decides_every_case_as_the_logic(board_spec: BoardSpec) -> None:
    known = cases()
    for (trace, gestures), case in zip(
        on_virtual(board_spec, [c.trace for c in known], jobs=1), known, strict=True
    ):
        assert [g.kind for g in gestures] == [g.kind for g in case.gestures], trace.id
        for got, expected in zip(gestures, case.gestures, strict=True):
            assert got.t_us == pytest.approx(expected.t_us, abs=PARITY_MS * 1000), trace.id


def test_a_contact_too_short_for_the_recorders_clock_is_replayed_in_its_order(
    board_spec: BoardSpec,
) -> None:
    edges = ((0, 1), (102_804, 0), (107_913, 1), (107_913, 0), (184_246, 1), (286_373, 0))
    ((_, gestures),) = on_virtual(board_spec, [Trace("t", "double", edges)], jobs=1)
    assert [g.kind for g in gestures] == ["double"]


def test_boards_in_parallel_decide_the_same(board_spec: BoardSpec) -> None:
    pair = models.hands()["tremor"], models.switches()["worn_25"]
    traces = list(corpus.make(*pair, each=15, seed=3))
    timing = timing_of(board_spec.timing)
    for trace, gestures in on_virtual(board_spec, traces, jobs=2):
        assert [g.kind for g in gestures] == [g.kind for g in detect(trace.edges, timing)]


def test_the_recorder_sees_what_the_hand_does(
    world: World, cold_board: VirtualBoard, board_spec: BoardSpec
) -> None:
    transport = boot(world, cold_board)
    rig = VirtualRig(cold_board)
    recorder = Recorder(transport, board_spec)
    recordings = recorder.recordings(label="double", prefix="r")
    played = [(0, 1), (90_000, 0), (200_000, 1), (290_000, 0)]
    for name in ("r1", "r2"):
        world.loop.call_later(0.2, rig.play, played)
        trace = next(recordings)
        assert (trace.id, trace.label) == (name, "double")
        assert [level for _, level in trace.edges] == [1, 0, 1, 0]
        assert [t for t, _ in trace.edges] == pytest.approx([t for t, _ in played], abs=100)
    recorder.stop()
    transport.close()

    async def again() -> None:
        since = len(cold_board.console.lines)
        await cold_board.console.said("advertising", within_s=5, since=since)

    world.run(again())  # the firmware runs again


def test_a_key_that_is_closed_is_not_recorded(
    world: World, cold_board: VirtualBoard, board_spec: BoardSpec
) -> None:
    transport = boot(world, cold_board)
    VirtualRig(cold_board).set_key(1)
    with pytest.raises(VigieError, match="closed"):
        Recorder(transport, board_spec)
    transport.close()


def test_a_key_that_gets_stuck_ends_the_recording_with_a_reason(
    world: World, cold_board: VirtualBoard, board_spec: BoardSpec
) -> None:
    transport = boot(world, cold_board)
    recorder = Recorder(transport, board_spec)
    world.loop.call_later(0.2, VirtualRig(cold_board).set_key, 1)
    with pytest.raises(VigieError, match="stuck"):
        next(recorder.recordings())
    transport.close()


def test_a_board_that_loses_power_ends_the_recording_with_a_reason(
    world: World, cold_board: VirtualBoard, board_spec: BoardSpec
) -> None:
    transport = boot(world, cold_board)
    recorder = Recorder(transport, board_spec)
    world.loop.call_later(0.5, cold_board.power_off)
    with pytest.raises(VigieError, match="stopped recording"):
        next(recorder.recordings())
    transport.close()


def test_a_model_hand_on_a_virtual_board_is_recorded_as_what_it_meant(
    board_spec: BoardSpec,
) -> None:
    labels = ["single", "double", "triple", "long"]
    pair = models.hands()["older"], models.switches()["tact"]
    recordings = virtual_recordings(board_spec, random.Random(1), *pair, labels, 1.5)
    kinds = [[g.kind for g in detect(t.edges, Timing())] for t in recordings]
    assert kinds == [[label] for label in labels]


def test_a_board_without_firmware_cannot_replay(
    world: World, board_spec: BoardSpec, tmp_path: Path
) -> None:
    board = world.add_board(board_spec, tmp_path / "blank")

    async def start() -> None:
        board.power_on()
        await board.console.said("help")
        await asyncio.sleep(0)

    world.run(start())
    transport = LoopTransport(world.loop, board)
    with pytest.raises(VigieError, match="Put the firmware on it first"):
        list(on_chip(transport, [cases()[0].trace], Timing()))
    transport.close()
