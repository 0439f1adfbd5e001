"""What holds for every reader of a microphone, every use of the ring, every sounder."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from button.core.patterns import FULL_DUTY, LEAST_HZ, MOST_HZ, siren_tones
from tests.unit.core.test_pace import BUFFER_US, BUFFERS, Reader
from tests.unit.core.test_ring import Keeper

delays_us = st.one_of(
    st.integers(0, 40_000),
    st.integers(0, 400_000),
    st.integers(0, 400).map(lambda n: n * BUFFER_US),  # just when a buffer is full
)


@given(st.lists(st.tuples(delays_us, st.booleans()), max_size=60), st.integers(0, 900))
def test_every_sample_is_read_or_lost(stays: list[tuple[int, bool]], early_us: int) -> None:
    reader = Reader(early_us)
    for us, masked in stays:
        reader.later(us, masked)
        reader.check()
        assert early_us or not reader.newest_misplaced


@given(
    st.lists(st.integers(0, (BUFFERS - 1) * BUFFER_US - 1000), max_size=60), st.integers(0, 900)
)
def test_who_comes_in_time_loses_nothing(stays: list[int], early_us: int) -> None:
    reader = Reader(early_us)
    for us in stays:
        reader.later(us)
    assert sum(reader.lost) == 0


@given(st.lists(delays_us, max_size=60))
def test_what_is_read_late_has_its_place_behind_what_was_lost(stays: list[int]) -> None:
    reader = Reader()
    for us in stays:
        reader.later(us)
    assert not any(reader.misplaced)


@given(
    st.integers(1, 6),
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 0xFFFFFFF0)), max_size=80),
)
def test_a_ring_keeps_what_it_says_it_keeps(size: int, happens: list[tuple[int, int]]) -> None:
    keeper = Keeper(size)
    for what, n in happens:
        keeper.do(what, n)
        keeper.check()


@given(st.integers(LEAST_HZ, MOST_HZ))
def test_every_sounder_has_a_siren_that_varies_and_passes_through_its_resonance(
    resonance_hz: int,
) -> None:
    tones = siren_tones(resonance_hz)
    sweep = [hz for hz, _, _ in tones[:-2]]
    assert all(b > a for a, b in itertools.pairwise(sweep))
    assert sweep[0] <= 0.8 * resonance_hz
    assert sweep[-1] >= 1.28 * resonance_hz - 1
    assert min(abs(hz - resonance_hz) for hz in sweep) <= 0.02 * resonance_hz
    assert [hz for hz, _, _ in tones[-2:]] == [440, 520]
    assert all(duty == FULL_DUTY and ms >= 40 for _, duty, ms in tones)
    assert sum(ms for _, _, ms in tones) <= 1500
