"""Measurements of hardware, tried on emulated microphones and behind emulated ports."""

import asyncio
import json
from pathlib import Path

import pytest

from tests.virtual.listening import sine
from tests.virtual.test_hardware_in_the_loop import running, suite_says
from vigie.bench.phones import BenchPhone
from vigie.bench.physics import levels
from vigie.bench.physics.own_recording import Heard, begin, end
from vigie.bench.protocol import Rig
from vigie.virtual.board import VirtualBoard
from vigie.virtual.world import World

OWN_NOISE_DBSPL = 33.0
"""Of the emulated microphone: 61 dB below the 94 dB of its data sheet."""


async def heard(board: VirtualBoard, rig: Rig, phone: BenchPhone) -> Heard:
    await phone.connect()
    await begin(rig, phone)
    await asyncio.sleep(6)
    return await end(phone, board.spec)


async def test_in_a_silent_room_the_noise_is_that_of_the_microphone(
    board: VirtualBoard, rig: Rig, phone: BenchPhone
) -> None:
    quiet = await heard(board, rig, phone)
    assert quiet.lost == 0
    level = quiet.spl(levels.level_dbfs(quiet.settled))
    assert level == pytest.approx(OWN_NOISE_DBSPL, abs=1.5)
    weighted = quiet.spl(levels.weighted_dbfs(quiet.settled, quiet.rate_hz))
    assert weighted == pytest.approx(level, abs=3)  # white noise


async def test_a_tone_is_recorded_at_its_frequency_and_level(
    board: VirtualBoard, rig: Rig, phone: BenchPhone, world: World
) -> None:
    board.room.play(sine(1000, 70, 30), world.loop.time())
    tone = await heard(board, rig, phone)
    assert levels.loudest_hz(tone.settled, tone.rate_hz) == pytest.approx(1000, abs=0.5)
    level = tone.spl(levels.tone_dbfs(tone.settled, tone.rate_hz, 1000))
    assert level == pytest.approx(70, abs=0.5)


def test_measurements_run_on_a_bench_behind_its_ports_and_leave_their_results(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a busy computer a limit in milliseconds may not be kept: that is told as such."""
    monkeypatch.setenv("VIGIE_HIL_OUT", str(tmp_path))
    with running("board", "--firmware", "--realtime", "--bench", says=3) as (port, rig, phone):
        files = [f"tests/hil/test_{name}.py" for name in ("boot", "bounce", "microphone")]
        code, said = suite_says(*files, "--port", port, *rig.split(), *phone.split())
    kept = {name: json.loads((tmp_path / f"{name}.json").read_text())
            for name in ("boot", "bounces", "noise")}  # fmt: skip
    assert code == 0 or "is expected" in said, said
    assert len(kept["boot"]["reset_to_advertising_ms"]) == 5
    assert kept["bounces"]["figures"]["presses"] == 12
    assert not kept["bounces"]["flaws"]
    assert len((tmp_path / "bounces.jsonl").read_text().splitlines()) == 12
    assert -120 < kept["noise"]["noise_dbfs"] < -50
    assert "listen (hear the siren" in said
