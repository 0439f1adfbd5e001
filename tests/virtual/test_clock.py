"""A free world's clock runs the same callbacks in the same order as asyncio's own loop would."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.virtual.clock import WorldLoop

Step = tuple[str, int]
STEPS = st.lists(
    st.tuples(st.sampled_from(["soon", "later", "cancel", "sleep", "future"]), st.integers(0, 4)),
    max_size=40,
)


class AsyncioLoop(WorldLoop):
    """The same world without a round of its own."""

    _run_once = asyncio.SelectorEventLoop._run_once  # type: ignore  # typeshed does not know it


class Story:
    """Steps on a loop, and what was heard when."""

    def __init__(self, loop: WorldLoop):
        self._loop = loop
        self._handles: list[asyncio.Handle] = []
        self.heard: list[tuple[float, str]] = []

    def _note(self, what: str) -> None:
        self.heard.append((self._loop.time(), what))

    async def _step(self, i: int, what: str, n: int) -> None:
        if what == "soon":
            self._handles.append(self._loop.call_soon(self._note, f"soon {i}"))
        elif what == "later":
            self._handles.append(self._loop.call_later(n / 8, self._note, f"later {i}"))
        elif what == "cancel" and self._handles:
            self._handles[n % len(self._handles)].cancel()
        elif what == "sleep":
            await asyncio.sleep(n / 8)
        elif what == "future":
            done = self._loop.create_future()
            self._loop.call_later(n / 8, done.set_result, None)
            await asyncio.gather(done, asyncio.sleep(0.25))
        self._note(f"step {i}")

    async def play(self, steps: list[Step]) -> None:
        tasks: list[asyncio.Task[None]] = []
        for i, (what, n) in enumerate(steps):
            if i % 3:
                await self._step(i, what, n)
            else:
                tasks.append(self._loop.create_task(self._step(i, what, n)))
        await asyncio.gather(*tasks)
        await asyncio.sleep(1)


def history(loop: WorldLoop, steps: list[Step]) -> list[tuple[float, str]]:
    """When what ran."""
    story = Story(loop)
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        runner.run(story.play(steps))
    return story.heard


@given(STEPS)
def test_it_runs_what_asyncio_runs(steps: list[Step]) -> None:
    assert history(WorldLoop(), steps) == history(AsyncioLoop(), steps)


def test_timers_that_were_cancelled_do_not_pile_up() -> None:
    async def main() -> int:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, WorldLoop)
        for _ in range(2000):
            loop.call_later(1e6, print).cancel()
            await asyncio.sleep(0.1)
        return len(loop._scheduled)

    with asyncio.Runner(loop_factory=WorldLoop) as runner:
        assert runner.run(main()) < 300


def test_timers_cancelled_behind_another_are_counted_out_too() -> None:
    """Else the count would only grow, and every round be asyncio's long one."""

    async def main() -> int:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, WorldLoop)
        for _ in range(150):
            loop.call_at(loop.time() + 1, len, "")
            loop.call_at(loop.time() + 1, print).cancel()
            await asyncio.sleep(2)
        return loop._timer_cancelled_count

    with asyncio.Runner(loop_factory=WorldLoop) as runner:
        assert runner.run(main()) == 0


def test_a_loop_that_is_closed_takes_nothing_more() -> None:
    loop = WorldLoop()
    loop.close()
    with pytest.raises(RuntimeError, match="closed"):
        loop.call_soon(print)
