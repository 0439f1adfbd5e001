"""A person is asked in words."""

import asyncio
from collections.abc import Sequence

import pytest

from vigie.bench.hand_rig import READY_S, HandRig, instruction
from vigie.bench.protocol import Unable
from vigie.errors import VigieError
from vigie.lab.traces import Edge
from vigie.virtual.clock import run


def presses(*held_ms: int) -> Sequence[Edge]:
    edges: list[Edge] = []
    t_us = 0
    for ms in held_ms:
        edges += [(t_us, 1), (t_us + ms * 1000, 0)]
        t_us += ms * 1000 + 150_000
    return edges


@pytest.mark.parametrize(
    ("held_ms", "words"),
    [
        ([90], "click"),
        ([90, 90], "click 2 times"),
        ([90] * 5, "click 5 times"),
        ([2500], "hold for 2 s"),
        ([90, 90, 3000], "click 2 times, then hold for 3 s"),
    ],
)
def test_edges_become_words(held_ms: list[int], words: str) -> None:
    assert instruction(presses(*held_ms)) == words


def test_nothing_to_press_is_nothing_to_ask() -> None:
    with pytest.raises(VigieError, match="nothing to press"):
        instruction([(0, 0)])


def test_the_person_is_told_to_get_ready_and_then_now() -> None:
    async def main() -> list[tuple[float, str]]:
        loop = asyncio.get_running_loop()
        said: list[tuple[float, str]] = []
        rig = HandRig(lambda text: said.append((loop.time(), text)))
        assert await rig.press(90) == READY_S
        assert loop.time() > READY_S
        rig.set_key(1)
        rig.set_key(0)
        assert [level for _, level in rig.edges] == [1, 0, 1, 0]
        assert [t_s for t_s, _ in rig.edges[:2]] == [READY_S, READY_S + 0.09]
        with pytest.raises(Unable):
            rig.power(False)
        return said

    said = run(main())
    assert said[0] == (0.0, "get ready to click ...")
    assert said[1] == (READY_S, "NOW")
    assert "KEEP" in said[2][1]
    assert "let go" in said[3][1]
