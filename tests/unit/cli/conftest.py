"""Tests of commands leave the process as it was."""

from collections.abc import Generator

import pytest

from .running import signals_as_before


@pytest.fixture(autouse=True)
def _signals() -> Generator[None]:  # pyright: ignore[reportUnusedFunction]
    with signals_as_before():
        yield
