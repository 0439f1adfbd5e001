"""Tests that fail, run by test_keeping.py to see what is kept of them; some that do not."""

import asyncio
from collections.abc import Generator

import pytest

from vigie.bench.phones import BenchPhone
from vigie.bench.protocol import Board, Rig


async def _press(rig: Rig, phone: BenchPhone) -> None:
    await phone.connect()
    await rig.press()
    await asyncio.sleep(1.5)
    await rig.press(2300)


async def test_presses_then_failure(board: Board, rig: Rig, phone: BenchPhone) -> None:
    await _press(rig, phone)
    await board.console.said(r"what it never says $\alpha", within_s=40)


async def test_press_then_failure(board: Board, rig: Rig) -> None:
    await rig.press(90)
    await board.console.said("gesture single", within_s=5)
    raise ValueError("soon")


async def test_presses_and_no_failure(board: Board, rig: Rig, phone: BenchPhone) -> None:
    await _press(rig, phone)


@pytest.mark.parametrize("name", ["a/b", "a b"])
async def test_odd_names(board: Board, name: str) -> None:
    raise ValueError(name)


@pytest.fixture
def broken(board: Board) -> None:
    raise RuntimeError("this fixture never works")


async def test_setup_fails(broken: None, board: Board) -> None: ...


@pytest.fixture
def never_tidied(board: Board) -> Generator[None]:
    yield
    raise RuntimeError("this cannot be tidied up")


async def test_fails_twice(never_tidied: None, board: Board) -> None:
    raise ValueError("the test itself")


@pytest.mark.xfail
async def test_known_to_fail(board: Board) -> None:
    raise ValueError("known")


def test_without_a_world_fails() -> None:
    raise ValueError("no board, no rig, no phone")
