"""What holds for every hand, every switch and every history."""

from hypothesis import given
from hypothesis import strategies as st

from button.core.clicks import DOWN, RELEASED, STUCK, Clicks, Timing
from button.core.contacts import JOIN_US
from button.core.gestures import DOUBLE, LONG, SINGLE, TRIPLE

MS = 1000
GESTURES = (SINGLE, DOUBLE, TRIPLE, LONG)

timings = st.builds(
    Timing,
    glitch_ms=st.integers(0, 14),
    release_ms=st.integers(10, 140),
    gap_ms=st.integers(150, 490),
    long_ms=st.integers(500, 5000),
    stuck_ms=st.integers(5000, 60000),
)
gaps_us = st.one_of(st.integers(1, 3000), st.integers(3000, 700_000), st.integers(1, 40_000_000))
level_changes = st.lists(gaps_us, max_size=60)


def edges_of(spans):
    t = 0
    for i, span in enumerate(spans):
        t += span
        yield t, i % 2 == 0


def run(spans, timing, stops=()):
    """All events; `stops` are times at which somebody also calls advance."""
    clicks = Clicks(timing)
    events = []
    stops = sorted(stops)
    end = 0
    for t, level in edges_of(spans):
        while stops and stops[0] < t:
            events += clicks.advance(stops.pop(0))
        events += clicks.edge(t, level)
        end = t
    # Let go in the end, and let everything be decided.
    events += clicks.edge(end + 1, False)
    events += clicks.advance(end + 200_000_000)
    return events


@given(level_changes, timings)
def test_events_come_in_order_of_time(spans, timing):
    times = [t for _, t in run(spans, timing)]
    assert times == sorted(times)


@given(level_changes, timings, st.lists(st.integers(0, 100_000_000), max_size=30))
def test_looking_more_often_changes_nothing(spans, timing, stops):
    assert run(spans, timing, stops) == run(spans, timing)


@given(level_changes, timings)
def test_nothing_is_pending_after_release(spans, timing):
    clicks = Clicks(timing)
    end = 0
    for t, level in edges_of(spans):
        clicks.edge(t, level)
        end = t
    clicks.edge(end + 1, False)
    clicks.advance(end + 200_000_000)
    assert clicks.deadline_us > 1 << 59


@given(level_changes, timings)
def test_a_gesture_is_always_announced_by_a_first_edge(spans, timing):
    announced = False
    for kind, _ in run(spans, timing):
        if kind == DOWN:
            announced = True
        elif kind in GESTURES:
            assert announced


@given(level_changes, timings)
def test_stuck_and_released_take_turns(spans, timing):
    faults = [kind for kind, _ in run(spans, timing) if kind in (STUCK, RELEASED)]
    assert faults == [STUCK, RELEASED] * (len(faults) // 2)


contacts = st.lists(
    st.tuples(st.integers(46, 3000), st.integers(15, 6000)), min_size=1, max_size=12
)


def by_the_design(presses):
    """Gestures of contacts (pause_ms, length_ms), told as section 4 of the design tells it."""
    gestures, clicks, released, t = [], 0, None, 0
    for pause, length in presses:
        t += pause
        if released is not None and t >= released + 500:
            gestures += [clicks] if clicks in (SINGLE, DOUBLE) else []
            clicks, released = 0, None
        t += length
        if length > 2000 - 45:
            gestures.append(LONG)
            clicks, released = 0, None
        else:
            clicks, released = clicks + 1, t
            gestures += [TRIPLE] if clicks == 3 else []
    return gestures + ([clicks] if clicks in (SINGLE, DOUBLE) else [])


@given(contacts)
def test_every_contact_of_15_ms_ends_in_exactly_one_gesture(presses):
    """Pauses are longer than release_ms, so that each press is a contact."""
    spans = [span * MS for press in presses for span in press]
    decided = [kind for kind, _ in run(spans, Timing()) if kind in GESTURES]
    assert decided == by_the_design(presses)


@given(
    st.lists(st.tuples(st.integers(50, 3000), st.integers(50, 7900)), max_size=20),
    st.integers(50, 1900),
)
def test_bounce_is_one_click(bounces, hold_ms):
    clicks = Clicks(Timing())
    t, events = 0, []
    for closed_us, open_us in bounces:
        events += clicks.edge(t, True)
        t += closed_us
        events += clicks.edge(t, False)
        t += open_us
    events += clicks.edge(t, True)
    t = max(t + 20 * MS, hold_ms * MS)
    if t >= 1_955_000:
        return
    events += clicks.edge(t, False)
    events += clicks.advance(t + 10_000_000)
    assert [kind for kind, _ in events] == [DOWN, SINGLE]


@given(
    st.lists(st.tuples(st.integers(1, 3999), st.integers(JOIN_US, 40_000)), max_size=300),
    st.booleans(),
)
def test_noise_is_never_a_gesture_and_changes_none(sparks, after_a_click):
    clicks = Clicks(Timing())
    events, t = [], 0
    if after_a_click:
        events = clicks.edge(0, True) + clicks.edge(90 * MS, False)
        t = 100 * MS
    for closed_us, open_us in sparks:
        events += clicks.edge(t, True) + clicks.edge(t + closed_us, False)
        t += closed_us + open_us
    events += clicks.advance(t + 10_000_000)
    kinds = [kind for kind, _ in events if kind != DOWN]
    assert kinds == ([SINGLE] if after_a_click else [])
    if after_a_click:
        # Late by no more than one spark that had to be waited for.
        assert 590 * MS <= events[-1][1] < 590 * MS + 4000 + JOIN_US


@given(st.lists(st.tuples(st.integers(50, 1500), st.integers(1, 40)), max_size=40))
def test_a_hold_with_chatter_is_long_at_the_threshold(chatter):
    clicks = Clicks(Timing())
    events = clicks.edge(0, True)
    t = 0
    for held_ms, open_ms in chatter:
        t += held_ms * MS
        events += clicks.edge(t, False)
        t += open_ms * MS
        events += clicks.edge(t, True)
    t = max(t + MS, 2_500_000)
    events += clicks.edge(t, False)
    events += clicks.advance(t + 100_000_000)
    kinds = [e for e in events if e[0] in GESTURES]
    assert kinds == [(LONG, 2_000_000)]


@given(st.integers(3, 12), st.data())
def test_panic_mashing_is_triple_or_long(n, data):
    clicks = Clicks(Timing())
    t, events = 0, []
    for _ in range(n):
        events += clicks.edge(t, True)
        t += data.draw(st.integers(20, 3000)) * MS
        events += clicks.edge(t, False)
        t += data.draw(st.integers(46, 499)) * MS
    events += clicks.advance(t + 10_000_000)
    kinds = [kind for kind, _ in events if kind in GESTURES]
    assert kinds[0] in (TRIPLE, LONG)
    # Weaker ones can only follow a hold, as runs of their own; they act above it all the same.
    weaker = [i for i, kind in enumerate(kinds) if kind in (SINGLE, DOUBLE)]
    assert all(LONG in kinds[:i] for i in weaker)
