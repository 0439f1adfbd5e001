"""Traces: what is read is what was written, and garbage is refused with its line and field."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.errors import VigieError
from vigie.lab import traces
from vigie.lab.traces import Edge, Trace

printable = st.text().filter(str.isprintable)


@given(st.lists(st.integers(0, 10_000_000), max_size=30), printable | st.none())
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


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "not JSON"),
        ("[" * 10_000, "not JSON"),
        ('{"edges": [[' + "9" * 5000 + ", 1]]}", "not JSON"),
        ("\xff\xfe", "not UTF-8"),
        ("7", "not an object"),
        ("{}", "'edges' is missing"),
        ('{"edges": 3}', "'edges' is no list"),
        ('{"edges": [], "extra": 1}', "unknown field 'extra'"),
        ('{"id": 3, "edges": []}', "'id' is no printable text"),
        ('{"id": "\\u001b[31m", "edges": []}', "'id' is no printable text"),
        ('{"label": "\\ud800", "edges": []}', "'label' is no printable text"),
        ('{"edges": [[0]]}', r"edges\[0\] is not a pair"),
        ('{"edges": [[0.5, 1]]}', r"edges\[0\] is \[0.5, 1\]: whole microseconds"),
        ('{"edges": [[0, true]]}', r"edges\[0\]"),
        ('{"edges": [[0, 2]]}', r"edges\[0\]"),
        ('{"edges": [[-1, 1]]}', r"edges\[0\] has the negative time -1"),
        ('{"edges": [[0, 1], [5, 1]]}', r"edges\[1\] repeats the level 1: the key is pressed"),
        ('{"edges": [[0, 0]]}', r"edges\[0\] repeats the level 0: the key is open"),
        ('{"edges": [[5, 1], [4, 0]]}', r"edges\[1\] at 4 us is earlier"),
        ('{"edges": [[0, 1], [3600000001, 0]]}', "more than an hour"),
    ],
)
def test_garbage_is_refused_with_its_line_and_field(
    tmp_path: Path, line: str, message: str
) -> None:
    file = tmp_path / "t.jsonl"
    file.write_bytes(b'{"edges": []}\n' + line.encode("latin-1") + b"\n")
    with pytest.raises(VigieError, match=message) as refused:
        list(traces.read(file))
    assert f"{file}, line 2" in str(refused.value)
