"""Measurements of hardware, tried on emulated microphones and behind emulated ports."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.virtual.listening import sine
from tests.virtual.test_hardware_in_the_loop import running, suite_says
from vigie.bench.phones import BenchPhone
from vigie.bench.physics import levels, limits
from vigie.bench.physics.own_recording import recorded
from vigie.bench.protocol import Rig
from vigie.virtual.board import VirtualBoard
from vigie.virtual.world import World

OWN_NOISE_DBSPL = 33.0
"""Of the emulated microphone: 61 dB below the 94 dB of its data sheet."""
SECONDS = 6.0
BECAUSE_BUSY = (limits.BOOT, limits.LOST)
"""Limits that a busy computer may not keep."""


def failures(junit: Path) -> tuple[int, list[str]]:
    """How many tests passed, and what the others say that were not skipped."""
    cases = list(ElementTree.parse(junit).iter("testcase"))
    told = [str(e.get("message")) for case in cases for e in case if e.tag in ("failure", "error")]
    return sum(not len(case.findall("*")) for case in cases), told


def is_about(message: str, limit: limits.Limit) -> bool:
    """Whether a failure says that this limit was not kept, and nothing else."""
    return message.startswith(f"AssertionError: {limit.name}: ") and "is expected" in message


async def test_in_a_silent_room_the_noise_is_that_of_the_microphone(
    board: VirtualBoard, rig: Rig, phone: BenchPhone
) -> None:
    await phone.connect()
    quiet = await recorded(board.spec, rig, phone, SECONDS)
    assert quiet.lost == 0
    level = quiet.spl(levels.level_dbfs(quiet.settled))
    assert level == pytest.approx(OWN_NOISE_DBSPL, abs=1.5)
    weighted = quiet.spl(levels.weighted_dbfs(quiet.settled, quiet.rate_hz))
    assert weighted == pytest.approx(level, abs=3)  # white noise


async def test_a_tone_is_recorded_at_its_frequency_and_level(
    board: VirtualBoard, rig: Rig, phone: BenchPhone, world: World
) -> None:
    await phone.connect()
    quiet = await recorded(board.spec, rig, phone, SECONDS)
    board.room.play(sine(1000, 70, 30), world.loop.time())
    tone = await recorded(board.spec, rig, phone, SECONDS)
    assert quiet.lost == tone.lost == 0
    snr_db = levels.snr_db(tone.settled, quiet.settled)
    assert snr_db == pytest.approx(70 - OWN_NOISE_DBSPL, abs=2)
    assert levels.loudest_hz(tone.settled, tone.rate_hz) == pytest.approx(1000, abs=0.5)
    level = tone.spl(levels.tone_dbfs(tone.settled, tone.rate_hz, 1000))
    assert level == pytest.approx(70, abs=0.5)


def test_measurements_run_on_a_bench_behind_its_ports_and_leave_their_results(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A limit that a busy computer does not keep is told as such, and nothing else fails."""
    monkeypatch.setenv("VIGIE_HIL_OUT", str(tmp_path))
    with running("board", "--firmware", "--realtime", "--bench", says=3) as (port, rig, phone):
        files = [f"tests/hil/test_{name}.py" for name in ("boot", "bounce", "microphone")]
        junit = tmp_path / "junit.xml"
        words = ("--junitxml", str(junit), "--port", port, *rig.split(), *phone.split())
        _, said = suite_says(*files, *words)
    kept = {name: json.loads((tmp_path / f"{name}.json").read_text())
            for name in ("boot", "bounces", "noise")}  # fmt: skip
    passed, told = failures(junit)
    assert all(any(is_about(text, limit) for limit in BECAUSE_BUSY) for text in told), said
    assert passed + len(told) == 3, said
    assert len(kept["boot"]["reset_to_advertising_ms"]) == 5
    assert kept["bounces"]["figures"]["presses"] == 12
    assert not kept["bounces"]["flaws"]
    assert (kept["bounces"]["rig"], kept["bounces"]["is_the_keys_contact"]) == ("board", False)
    assert len((tmp_path / "bounces.jsonl").read_text().splitlines()) == 12
    assert -120 < kept["noise"]["noise_dbfs"] < -50
    assert "loudspeaker (sound a tone" in said
