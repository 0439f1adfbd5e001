"""Traces and hands."""

import random
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.errors import VigieError
from vigie.lab import hands, traces
from vigie.lab.traces import Edge, Trace

seeds = st.integers(0, 1 << 32)


@given(st.lists(st.integers(0, 10_000_000), max_size=30), st.text() | st.none())
def test_a_trace_comes_back_as_it_was(steps: list[int], label: str | None) -> None:
    t_us, edges = 0, list[Edge]()
    for i, step in enumerate(steps):
        t_us += step
        edges.append((t_us, 1 - i % 2))
    trace = Trace("t", label, tuple(edges))
    assert traces.parse(trace.as_json(), "here", 1) == trace


def test_reading_streams(tmp_path: Path) -> None:
    file = tmp_path / "t.jsonl"
    traces.write(file, [Trace(str(i), None, ((0, 1), (5, 0))) for i in range(3)])
    with file.open("a") as f:
        f.write("garbage\n")
    read = traces.read(file)
    assert [next(read).id for _ in range(3)] == ["0", "1", "2"]
    with pytest.raises(VigieError, match="line 4: not JSON"):
        next(read)


def test_a_line_without_end_is_refused_before_it_fills_the_memory(tmp_path: Path) -> None:
    file = tmp_path / "t.jsonl"
    with file.open("wb") as f:
        f.truncate(traces.LINE_MAX + 10)
    with pytest.raises(VigieError, match="line 1 is longer than"):
        list(traces.read(file))


@given(seeds, st.integers(1, 5))
def test_hands_make_proper_traces(seed: int, count: int) -> None:
    edges = hands.clicks(random.Random(seed), 1000, count)
    line = Trace("t", None, tuple(edges)).as_json()
    assert traces.parse(line, "here", 1).edges == tuple(edges)
    assert edges[0] == (1000, 1)
    assert edges[-1][1] == 0


@given(seeds)
def test_a_hold_is_held(seed: int) -> None:
    edges = hands.hold(random.Random(seed), 0)
    closed_us = [b - a for (a, level), (b, _) in pairwise(edges) if level]
    assert max(closed_us) > 2_000_000
