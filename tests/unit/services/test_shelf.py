"""Recordings on flash stay whole whatever a write in the middle comes to."""

from collections.abc import Iterable, Iterator
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from button.core.recording import FINAL, INTERRUPTED, Chain, Chunk, End, unpack
from button.services.shelf import Shelf
from tests.unit.phone.evidence.recordings import ID, RATE_HZ, chunks, tone

MADE = chunks(tone(1.2))
HEAD = Chain(ID).head


class Store:
    """Files in memory. A write fails when `fails_after` pieces have been written."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.fails_after: int | None = None

    def names(self, prefix: str) -> list[str]:
        return [name for name in self.files if name.startswith(prefix)]

    def read_at(self, name: str, offset: int, buffer: bytearray) -> int:
        data = self.files[name][offset : offset + len(buffer)]
        buffer[: len(data)] = data
        return len(data)

    def free_bytes(self) -> int:
        return 1 << 20

    def append(self, name: str, *pieces: bytes) -> None:
        list(self.appending(name, pieces))

    def appending(self, name: str, pieces: Iterable[bytes]) -> Iterator[None]:
        data = b""
        try:
            for i, piece in enumerate(pieces):
                if i == self.fails_after:
                    raise MemoryError
                data += bytes(piece)
                yield
        finally:  # closing a file keeps what was written into it
            self.files[name] = self.files.get(name, b"") + data

    def replace(self, name: str, pieces: Iterable[bytes]) -> None:
        self.files[name] = b"".join(bytes(piece) for piece in pieces)

    def sweep(self, prefix: str) -> None:
        pass

    def remove(self, name: str) -> None:
        del self.files[name]


def shelf(store: Store) -> Shelf:
    made = Shelf(store, lambda text: None, 1 << 20, 0)
    made.load()
    return made


def on_shelf(store: Store) -> list[Chunk]:
    """What a new boot finds there."""
    again = shelf(store)
    (kept,) = again.kept
    return [unpack(bytes(again.read(kept, i))) for i in range(kept.first, kept.end)]


@given(st.lists(st.one_of(st.none(), st.integers(0, 7)), max_size=12), st.integers(1, 4))
def test_a_write_that_fails_is_made_again_and_leaves_nothing_behind(
    failures: list[int | None], batch: int
) -> None:
    store = Store()
    recording = shelf(store)
    kept = recording.begin(ID, RATE_HZ, 0, 0, 0, HEAD)
    done = 0
    while done < len(MADE):
        store.fails_after = failures.pop() if failures else None
        items = [(c, c.header(), c.payload) for c in MADE[done : done + batch]]
        try:
            list(recording.adding(kept, items))
        except MemoryError:
            continue
        done += len(items)
    assert [c.pack() for c in on_shelf(store)] == [c.pack() for c in MADE]


@given(st.integers(0, 20_000))
def test_a_file_that_was_cut_off_is_closed_with_what_is_whole(cut: int) -> None:
    store = Store()
    recording = shelf(store)
    kept = recording.begin(ID, RATE_HZ, 0, 0, 0, HEAD)
    (name,) = store.files
    head = len(store.files[name])
    sound = MADE[:-1]
    list(recording.adding(kept, [(c, c.header(), c.payload) for c in sound]))
    store.files[name] = store.files[name][: head + cut]
    if cut == 0:
        assert shelf(store).kept == []
        return
    found = on_shelf(store)
    assert found[-1].kind == FINAL
    assert End.unpack(found[-1].payload).reason == INTERRUPTED
    ends = list(accumulate(len(c.pack()) for c in sound))
    assert len(found) - 1 == sum(1 for end in ends if end <= cut)
    assert [c.pack() for c in found[:-1]] == [c.pack() for c in sound[: len(found) - 1]]


@pytest.mark.parametrize("content", [b"", b"VIGF", b"x" * 500])
def test_a_file_that_is_no_recording_is_removed(content: bytes) -> None:
    store = Store()
    store.files["rec-000001"] = content
    assert shelf(store).kept == []
    assert store.files == {}
