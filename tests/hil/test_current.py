"""What the board draws, by a meter in its supply line."""

import asyncio

import pytest
import serial

from vigie.bench.bench_file import BenchSpec
from vigie.bench.phones import BenchPhone
from vigie.bench.physics.limits import GUARD
from vigie.bench.physics.meter import LineMeter, measure
from vigie.bench.physics.results import Results
from vigie.bench.ports import device
from vigie.bench.protocol import Board

pytestmark = pytest.mark.needs("hardware", "current")
SECONDS = 20.0


async def test_a_connected_button_draws_no_more_than_is_known_of_its_module(
    board: Board, phone: BenchPhone, hardware: BenchSpec, results: Results
) -> None:
    spec = hardware.meter
    assert spec is not None
    await phone.connect()
    with serial.serial_for_url(device(spec.port), baudrate=spec.baud, timeout=2) as port:
        meter = LineMeter(port, spec.command, spec.scale_ma)
        drawn = await asyncio.to_thread(measure, meter, SECONDS)
    results.keep("current", figures=drawn, limit=GUARD.value, source=GUARD.source)
    assert GUARD.met_by(drawn.mean_ma), GUARD.told(drawn.mean_ma)
