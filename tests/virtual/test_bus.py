"""Both halves of the bus mean the same by the same numbers."""

import array

from vigie.virtual.bus import Answer, Error, Op
from vigie.virtual.interrupts import Event, Which
from vigie.virtual.process import SHIMS


def names(file: str) -> dict[str, object]:
    """What a shim of nothing but numbers defines."""
    found: dict[str, object] = {}
    exec((SHIMS / file).read_text(), found)
    return found


def test_orders_events_and_errors_have_the_same_numbers() -> None:
    theirs = {n: v for n, v in names("ops.py").items() if n.isupper()}
    ours = {m.name: int(m) for kind in (Op, Event, Error) for m in kind}
    assert ours == theirs


def test_which_events_a_wait_takes_has_the_same_numbers() -> None:
    line = ", ".join(f"_{w.name}" for w in Which) + " = " + ", ".join(str(int(w)) for w in Which)
    assert line in (SHIMS / "bus.py").read_text()


def test_an_answer_is_sixteen_words_and_its_bytes() -> None:
    packed = Answer(5, 6, (7, 8), b"tail").pack(1, 2, 3, 4, stale=True)
    words = array.array("q", packed[:128])
    assert list(words) == [1, 2, 3, 4, 1, 5, 6, 7, 8, 0, 0, 0, 0, 0, 0, 4]
    assert packed[128:] == b"tail"
