"""What the board draws, by a meter in its supply line."""

import asyncio

import pytest

from vigie.bench.bench_file import BenchSpec
from vigie.bench.phones import BenchPhone
from vigie.bench.physics.limits import GUARD
from vigie.bench.physics.meter import measure, opened_meter
from vigie.bench.physics.results import Results
from vigie.bench.protocol import Board

pytestmark = pytest.mark.needs("hardware", "current")
SECONDS = 20.0


async def test_a_connected_button_draws_no_more_than_is_known_of_its_module(
    board: Board, phone: BenchPhone, hardware: BenchSpec, results: Results
) -> None:
    spec = hardware.meter
    assert spec is not None
    await phone.connect()
    with opened_meter(spec) as meter:
        drawn = await asyncio.to_thread(measure, meter, SECONDS)
    results.keep("current", figures=drawn, limit=GUARD.value, source=GUARD.source)
    assert GUARD.met_by(drawn.mean_ma), GUARD.told(drawn.mean_ma)
