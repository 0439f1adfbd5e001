"""Who hears whom."""

from dataclasses import dataclass
from typing import Any

import pytest
from bumble import core
from bumble.controller import Controller
from bumble.device import AdvertisingType
from bumble.hci import Address, HCI_Error

from vigie.radio.advertiser import AdvertisingEvent
from vigie.radio.air import Air
from vigie.radio.controller import AirController
from vigie.radio.device import make_station
from vigie.radio.path_loss import PathLoss

from .world import (
    ADVERTISEMENT,
    BOARD,
    PHONE,
    SCAN_RESPONSE,
    AirBench,
    advertise,
    advertisements,
    in_virtual_time,
)


@dataclass
class Name:
    name: str


HERE, THERE = Name("here"), Name("there")


def test_stations_stand_together_until_they_move() -> None:
    air = Air()
    assert air.distance_m(HERE, THERE) == 0
    air.move(THERE, (3, 4))
    assert air.distance_m(HERE, THERE) == 5


def test_loss_follows_distance() -> None:
    air = Air(path_loss=PathLoss(exponent=2))
    assert air.loss(HERE, THERE) == 0
    air.move(THERE, (10_000, 0))
    assert air.loss(HERE, THERE) == 1


def test_a_set_loss_overrides_distance_both_ways_until_it_is_taken_back() -> None:
    air = Air()
    air.set_loss(THERE, HERE, 0.25)
    assert air.loss(HERE, THERE) == air.loss(THERE, HERE) == 0.25
    air.set_loss(HERE, THERE, None)
    assert air.loss(HERE, THERE) == 0


def test_jamming_comes_on_top() -> None:
    air = Air()
    air.set_loss(HERE, THERE, 0.5)
    air.jam(0.5)
    assert air.loss(HERE, THERE) == 0.75
    air.jam(0)
    assert air.loss(HERE, THERE) == 0.5


def test_packets_are_lost_with_the_probability() -> None:
    air = Air(seed=1)
    air.set_loss(HERE, THERE, 0.3)
    lost = sum(air.loses(HERE, THERE) for _ in range(10_000))
    assert lost == pytest.approx(3000, rel=0.05)


def test_signal_strength_stays_within_what_hci_can_say() -> None:
    air = Air(path_loss=PathLoss(tx_power_dbm=100))
    assert air.rssi_dbm(HERE, THERE) == 20
    air.move(THERE, (1e9, 0))
    assert air.rssi_dbm(HERE, THERE) == -127


@in_virtual_time
async def test_a_name_is_taken_once() -> None:
    air = Air()
    make_station(air, "board", BOARD)
    with pytest.raises(ValueError, match="board"):
        make_station(air, "board", PHONE)


@in_virtual_time
async def test_a_stock_controller_has_no_place_here() -> None:
    with pytest.raises(TypeError, match="stock"):
        Controller("stranger", link=Air())


@in_virtual_time
async def test_only_listeners_hear_advertisements(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[str] = []
    original = AirController.hear

    def hear(self: AirController, event: AdvertisingEvent, rssi_dbm: int) -> None:
        heard.append(self.name)
        original(self, event, rssi_dbm)

    monkeypatch.setattr(AirController, "hear", hear)
    bench = AirBench()
    board: Any = await bench.station("board", BOARD)
    phone: Any = await bench.station("phone", PHONE)
    await bench.station("bystander", "C4:F2:17:1A:1D:00")
    await advertise(board.device)
    await advertisements(phone.device, 1)
    assert set(heard) == {"phone"}
    heard.clear()
    await advertisements(board.device, 1)
    assert not heard


@in_virtual_time
async def test_advertisements_are_lost_one_by_one() -> None:
    bench = AirBench()
    board: Any = await bench.station("board", BOARD)
    phone: Any = await bench.station("phone", PHONE)
    await advertise(board.device)
    bench.air.set_loss(board, phone, 0.75)
    heard = await advertisements(phone.device, 100, active=False)
    assert len(heard) == pytest.approx(0.25 * 100 / 0.105, rel=0.2)


@in_virtual_time
async def test_a_scanner_hears_only_while_its_window_is_open() -> None:
    bench = AirBench()
    board: Any = await bench.station("board", BOARD)
    phone: Any = await bench.station("phone", PHONE)
    await advertise(board.device)
    heard = await advertisements(
        phone.device, 200, active=False, scan_interval=500, scan_window=50
    )
    assert len(heard) == pytest.approx(0.1 * 200 / 0.105, rel=0.25)


@pytest.mark.parametrize("legacy", [False, True])
@pytest.mark.parametrize(
    ("kind", "connectable", "scannable"),
    [
        (AdvertisingType.UNDIRECTED_CONNECTABLE_SCANNABLE, True, True),
        (AdvertisingType.UNDIRECTED_SCANNABLE, False, True),
        (AdvertisingType.UNDIRECTED, False, False),
    ],
)
@in_virtual_time
async def test_kinds_of_advertisements(
    legacy: bool, kind: AdvertisingType, connectable: bool, scannable: bool
) -> None:
    bench = AirBench()
    board: Any = await bench.station("board", BOARD)
    phone: Any = await bench.station("phone", PHONE)
    await board.device.start_advertising(
        kind, advertising_data=ADVERTISEMENT, scan_response_data=SCAN_RESPONSE
    )
    heard = await advertisements(phone.device, 5, legacy=legacy)
    assert {a.is_connectable for a in heard} == {connectable}
    assert any(a.is_scan_response for a in heard) == scannable
    if not connectable:
        with pytest.raises(core.TimeoutError):
            await phone.device.connect(Address(BOARD), timeout=5)


@in_virtual_time
async def test_directed_advertising_is_refused() -> None:
    bench = AirBench()
    board: Any = await bench.station("board", BOARD)
    with pytest.raises(HCI_Error, match="UNSUPPORTED"):
        await board.device.start_advertising(
            AdvertisingType.DIRECTED_CONNECTABLE_LOW_DUTY, target=Address(PHONE)
        )


@in_virtual_time
async def test_out_of_range_is_out_of_hearing() -> None:
    bench = AirBench()
    board: Any = await bench.station("board", BOARD)
    phone: Any = await bench.station("phone", PHONE, position=(500, 0))
    await advertise(board.device)
    assert not await advertisements(phone.device, 5)
    phone.move((5, 0))
    assert await advertisements(phone.device, 5)
