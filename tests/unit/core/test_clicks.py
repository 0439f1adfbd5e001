"""The rules of the design, section 4, to the microsecond. Runs in CPython and in the VM."""

from button.core.clicks import DOWN, RELEASED, STUCK, Clicks, Timing
from button.core.gestures import DOUBLE, LONG, SINGLE, TRIPLE

MS = 1000


def play(edges_ms, until_ms=10000, timing=None):
    """Feed edges (ms, level), let time pass, and return events with times in ms."""
    clicks = Clicks(timing or Timing())
    events = []
    for t_ms, level in edges_ms:
        events += clicks.edge(int(t_ms * MS), bool(level))
    events += clicks.advance(until_ms * MS)
    return [(kind, t_us / MS) for kind, t_us in events]


def taps(*spans_ms):
    """Edges of presses given as (from, until)."""
    return [edge for down, up in spans_ms for edge in ((down, 1), (up, 0))]


def test_a_click_is_single_when_the_gap_after_its_last_edge_has_passed():
    assert play(taps((100, 190))) == [(DOWN, 100), (SINGLE, 690)]


def test_two_clicks_are_double_and_the_third_decides_at_once():
    assert play(taps((0, 90), (200, 290))) == [(DOWN, 0), (DOUBLE, 790)]
    assert play(taps((0, 90), (200, 290), (400, 490))) == [(DOWN, 0), (TRIPLE, 535)]


def test_more_clicks_than_three_are_still_one_triple():
    edges = taps(*[(i * 200, i * 200 + 90) for i in range(9)])
    assert play(edges) == [(DOWN, 0), (TRIPLE, 535)]


def test_a_hold_is_long_at_the_threshold_while_still_held():
    assert play([(50, 1)], until_ms=2049) == [(DOWN, 50)]
    assert play([(50, 1)], until_ms=2050) == [(DOWN, 50), (LONG, 2050)]
    assert play(taps((50, 9000))) == [(DOWN, 50), (LONG, 2050)]


def test_a_hold_is_long_whatever_came_before_it():
    assert play(taps((0, 80), (200, 5200))) == [(DOWN, 0), (LONG, 2200)]
    assert play(taps((0, 80), (200, 280), (400, 5400))) == [(DOWN, 0), (LONG, 2400)]
    # Even behind a triple of the same run.
    edges = taps((0, 80), (200, 280), (400, 480), (600, 5600))
    assert play(edges) == [(DOWN, 0), (TRIPLE, 525), (LONG, 2600)]


def test_no_press_of_any_length_is_silent():
    for length_ms in (15, 16, 30, 45, 100, 300, 500, 780, 1000, 1955):
        assert play(taps((0, length_ms)))[-1] == (SINGLE, length_ms + 500), length_ms
    for length_ms in (2000, 2001, 29999):
        assert play(taps((0, length_ms)), 60000)[1] == (LONG, 2000), length_ms


def test_a_press_that_opened_just_before_the_threshold_is_taken_for_a_hold():
    # At the threshold nobody can know yet whether this opening is chatter: the severe reading.
    assert play(taps((0, 1956))) == [(DOWN, 0), (LONG, 2000)]
    assert play(taps((0, 1999))) == [(DOWN, 0), (LONG, 2000)]


def test_contacts_shorter_than_a_glitch_are_noise():
    assert play([(0, 1), (3.999, 0)]) == [(DOWN, 0)]
    assert play([(0, 1), (4, 0)]) == [(DOWN, 0), (SINGLE, 504)]


def pulses(every_ms, long_ms, count, from_ms=0):
    """Closings of `long_ms`, `every_ms` apart."""
    ups = [from_ms + i * every_ms for i in range(count)]
    return [edge for t_ms in ups for edge in ((t_ms, 1), (t_ms + long_ms, 0))]


def test_hum_on_a_wet_lead_is_noise_however_long():
    for every_ms in (10, 20, 40):
        for long_ms in (0.01, 0.1, 1):
            for kind, _ in play(pulses(every_ms, long_ms, 1000), 60000):
                assert kind == DOWN, (every_ms, long_ms)


def test_sparks_in_quick_succession_are_noise_when_they_close_the_key_too_seldom():
    assert play(pulses(2, 0.1, 1000), 20000)[1:] == []


def test_noise_says_down_once_and_then_only_with_a_press():
    edges = pulses(20, 0.1, 90) + taps((2500, 2590))
    assert play(edges) == [(DOWN, 0), (DOWN, 2500), (SINGLE, 3090)]


def test_noise_does_not_lengthen_a_press():
    assert play(taps((0, 90)) + pulses(20, 0.1, 200, from_ms=110)) == [(DOWN, 0), (SINGLE, 590)]


def test_an_opening_is_as_long_as_it_is_whatever_noise_is_in_it():
    # 61 ms open, with a spark in the middle: two presses.
    assert play([(0, 1), (90, 0), (120, 1), (121, 0), (151, 1), (240, 0)])[-1] == (DOUBLE, 740)
    # 44 ms open: one.
    assert play([(0, 1), (90, 0), (120, 1), (121, 0), (134, 1), (240, 0)])[-1] == (SINGLE, 740)


def test_a_glitch_after_a_click_neither_counts_nor_hides_it():
    assert play(taps((0, 90)) + [(300, 1), (300.5, 0)]) == [(DOWN, 0), (SINGLE, 590)]
    # What may yet become a press holds the decision back until it is known to be none.
    assert play(taps((0, 90)) + [(588, 1), (588.5, 0)]) == [(DOWN, 0), (SINGLE, 596.5)]
    assert play(taps((0, 90), (588, 680))) == [(DOWN, 0), (DOUBLE, 1180)]


def test_openings_shorter_than_release_are_one_press():
    assert play(taps((0, 100), (144, 200))) == [(DOWN, 0), (SINGLE, 700)]
    assert play(taps((0, 100), (145, 200))) == [(DOWN, 0), (DOUBLE, 700)]


def test_chatter_does_not_break_a_hold_nor_delay_it():
    # In the middle of an opening at the threshold: the hold counts on.
    assert play(taps((0, 500), (540, 1990), (2020, 3000))) == [(DOWN, 0), (LONG, 2000)]


def test_bounce_is_one_press_that_ends_with_its_first_opening():
    edges = [(0, 1), (0.3, 0), (0.9, 1), (1.1, 0), (1.6, 1), (90, 0), (91, 1), (93, 0)]
    assert play(edges) == [(DOWN, 0), (SINGLE, 590)]


def test_bounce_does_not_make_the_pause_between_clicks_shorter():
    # 60 ms open; the contact flutters for 24 ms of them.
    flutter = pulses(2, 1, 12, from_ms=91)
    assert play(taps((0, 90)) + flutter + taps((150, 240)))[-1] == (DOUBLE, 740)


def test_a_tremors_second_strike_is_the_click_before_it_when_the_wearer_chose_so():
    calm = Timing(restrike_gap_ms=150, restrike_ms=90)
    twice = taps((0, 150), (250, 310))
    assert play(twice)[-1] == (DOUBLE, 810)
    assert play(twice, timing=calm)[-1] == (SINGLE, 810)
    # A longer press, a later one, and a third strike are clicks.
    assert play(taps((0, 150), (250, 340)), timing=calm)[-1] == (DOUBLE, 840)
    assert play(taps((0, 150), (300, 360)), timing=calm)[-1] == (DOUBLE, 860)
    assert play(taps((0, 150), (250, 310), (400, 460)), timing=calm)[-1] == (DOUBLE, 960)


def test_a_run_ends_after_the_gap_and_the_next_press_begins_another():
    assert play(taps((0, 90), (589, 680))) == [(DOWN, 0), (DOUBLE, 1180)]
    expected = [(DOWN, 0), (SINGLE, 590), (DOWN, 590), (SINGLE, 1180)]
    assert play(taps((0, 90), (590, 680))) == expected


def test_edges_that_arrive_late_change_no_decision():
    edges = taps((0, 90), (200, 290), (3000, 3090), (5000, 7500), (8000, 8050))
    on_time = play(edges, 12000)
    clicks = Clicks(Timing())
    late = []
    for t_ms, level in edges:  # nobody called advance in between
        late += clicks.edge(t_ms * MS, bool(level))
    late += clicks.advance(12000 * MS)
    assert [(kind, t / MS) for kind, t in late] == on_time


def test_the_deadline_is_the_next_moment_of_a_decision():
    clicks = Clicks(Timing())
    clicks.edge(0, True)
    assert clicks.deadline_us == 4 * MS  # no noise
    clicks.advance(4 * MS)
    assert clicks.deadline_us == 2000 * MS
    clicks.edge(90 * MS, False)
    assert clicks.deadline_us == 135 * MS
    assert clicks.advance(135 * MS) == []
    assert clicks.deadline_us == 590 * MS
    assert clicks.advance(590 * MS) == [(SINGLE, 590 * MS)]
    assert clicks.deadline_us > 1 << 59


def test_a_stuck_key_is_a_fault_and_works_again_after_release():
    edges = taps((0, 40000), (50000, 50090))
    expected = [(DOWN, 0), (LONG, 2000), (STUCK, 30000), (RELEASED, 40045)]
    assert play(edges, 60000) == expected + [(DOWN, 50000), (SINGLE, 50590)]


def test_a_key_held_through_boot_is_a_fault_not_a_gesture():
    clicks = Clicks(Timing())
    assert clicks.begin(0, True, False) == [(STUCK, 0)]
    assert clicks.advance(60000 * MS) == []
    assert clicks.edge(61000 * MS, False) == []
    assert clicks.advance(61045 * MS) == [(RELEASED, 61045 * MS)]
    assert clicks.edge(62000 * MS, True) == [(DOWN, 62000 * MS)]


def test_a_press_that_woke_the_chip_counts_from_its_first_edge():
    held = Clicks(Timing())
    assert held.begin(0, True, True) == [(DOWN, 0)]
    assert held.advance(2000 * MS) == [(LONG, 2000 * MS)]
    gone = Clicks(Timing())
    assert gone.begin(0, False, True) == [(DOWN, 0)]
    assert gone.advance(1000 * MS) == [(SINGLE, 500 * MS)]


def test_an_open_key_at_the_beginning_is_nothing():
    clicks = Clicks(Timing())
    assert clicks.begin(0, False, False) == []
    assert clicks.deadline_us > 1 << 59


def test_repeated_levels_change_nothing():
    edges = [(0, 0), (10, 1), (20, 1), (100, 0), (110, 0)]
    assert play(edges) == [(DOWN, 10), (SINGLE, 600)]


def test_timing_out_of_bounds_is_refused_by_name():
    for values in ({"glitch_ms": 15}, {"release_ms": 5}, {"gap_ms": 100}, {"long_ms": 400}):
        try:
            Timing(**values)
        except ValueError as e:
            assert list(values)[0] in str(e)
        else:
            raise AssertionError(values)
    try:
        Timing(release_ms=200, gap_ms=200)
    except ValueError as e:
        assert "release_ms" in str(e)
    else:
        raise AssertionError("release not below gap")
