"""What somebody, or a bad disk, may do to a stream: for trying the check."""

import random
from collections.abc import Iterator

from vigie.phone.evidence.stream import pieces

KINDS = ("flip", "drop", "swap", "insert", "truncate")
_BYTES_MOST = 5000


def mutate(rng: random.Random, stream: bytes, kind: str) -> bytes:
    """The stream with one thing done to it. It is always another stream."""
    while True:
        changed = _DO[kind](rng, stream)
        if changed != stream:
            return changed


def mutations(seed: int, stream: bytes, count: int) -> Iterator[tuple[str, bytes]]:
    """So many mutations of all kinds, each with its kind."""
    rng = random.Random(f"mutations {seed}")
    for _ in range(count):
        kind = rng.choice(KINDS)
        yield kind, mutate(rng, stream, kind)


def _flip(rng: random.Random, stream: bytes) -> bytes:
    changed = bytearray(stream)
    for _ in range(rng.randint(1, 3)):
        bit = rng.randrange(8 * len(changed))
        changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def _drop(rng: random.Random, stream: bytes) -> bytes:
    if rng.random() < 0.5:
        at = rng.randrange(len(stream))
        return stream[:at] + stream[at + rng.randint(1, _BYTES_MOST) :]
    chunks = _chunks(stream)
    del chunks[rng.randrange(len(chunks))]
    return b"".join(chunks)


def _swap(rng: random.Random, stream: bytes) -> bytes:
    chunks = _chunks(stream)
    i, j = rng.sample(range(len(chunks)), 2)
    chunks[i], chunks[j] = chunks[j], chunks[i]
    return b"".join(chunks)


def _insert(rng: random.Random, stream: bytes) -> bytes:
    if rng.random() < 0.5:
        at = rng.randrange(len(stream) + 1)
        return stream[:at] + rng.randbytes(rng.randint(1, _BYTES_MOST)) + stream[at:]
    chunks = _chunks(stream)
    chunks.insert(rng.randrange(len(chunks) + 1), rng.choice(chunks))
    return b"".join(chunks)


def _truncate(rng: random.Random, stream: bytes) -> bytes:
    return stream[: rng.randrange(len(stream))]


def _chunks(stream: bytes) -> list[bytes]:
    return [raw for _, _, raw in pieces(stream)]


_DO = {"flip": _flip, "drop": _drop, "swap": _swap, "insert": _insert, "truncate": _truncate}
