"""What must never be taken for less than it is, uneven alarms and panic; and noise for more."""

import random
from collections.abc import Iterator, Sequence

from button.core.clicks import DOWN, Clicks, Timing
from button.core.gestures import LONG, NAMES, SINGLE, Escalation
from button.core.samples import Samples
from vigie.lab import hands, models, switches
from vigie.lab.detect import AFTER_US
from vigie.lab.hands import Closing
from vigie.lab.proof.claim import Claim, Part, parts, run
from vigie.lab.traces import Edge

RHYTHM_MS = (60.0, 500.0)
HOLD_MS = (2000.0, 4000.0)
SWITCHES = ("clean", "tact", "pushbutton", "ganssle", "worn_25")
NOTICED_WITHIN_MS = 10.0
"""A lost interrupt: the key's level is looked at every tick while the program waits."""
SPARKS_AN_HOUR = 600
SPARK_MS = 0.2
WORSE_MS = (0.3, 0.5)
FALSE_MOST_PER_1000_H = 1.0


def claims(seed: int, n: int) -> Iterator[Claim]:
    """Alarm gestures, panic, and hours in a pocket."""
    found = run(_alarms, list(parts("alarms", seed, n)))
    lost = sum(1 for _, acted in found if acted == 0)
    weaker = sum(1 for meant, acted in found if acted < meant - 1)
    exact = sum(1 for meant, acted in found if acted >= meant)
    yield Claim(
        "uneven alarm gestures",
        "Doubles, triples and holds with presses and pauses of 60 to 500 ms, bounce, and one lost "
        "edge: none is lost, and none acts as something more than one level weaker.",
        len(found),
        f"{lost} lost, {weaker} weaker by more than one level; {100 * exact / len(found):.2f} % "
        "act at the level that was meant or above",
        lost == weaker == 0,
    )
    calm = run(_panics, list(parts("panic", seed, n)))
    yield Claim(
        "panic",
        "Mashing, four times or more, is always `triple` or `long`.",
        len(calm),
        f"{calm.count(False)} were something weaker",
        all(calm),
    )
    hours = max(100, n // 100)
    rates = {ms: _false_per_1000_h(seed, hours, ms) for ms in (SPARK_MS, *WORSE_MS)}
    worse = ", ".join(f"{rates[ms]:.1f} with {ms} ms" for ms in WORSE_MS)
    yield Claim(
        "a pocket",
        f"{SPARKS_AN_HOUR} groups of sparks and touches an hour, each {SPARK_MS} ms long on "
        "average: at most one false alert in 1,000 hours. What really presses the key is a press.",
        hours,
        f"{rates[SPARK_MS]:.1f} false alerts in 1,000 hours. Longer touches cost more: {worse}",
        rates[SPARK_MS] <= FALSE_MOST_PER_1000_H,
    )


def acted(edges: Sequence[Edge], timing: Timing) -> list[int]:
    """The levels at which the firmware acts on these edges: gestures, raised when hurried."""
    clicks, escalation = Clicks(timing), Escalation()
    levels: list[int] = []
    first_ms = 0
    events = [event for t_us, level in edges for event in clicks.edge(t_us, level == 1)]
    end_us = edges[-1][0] if edges else 0
    for kind, t_us in events + clicks.advance(end_us + AFTER_US):
        if kind == DOWN:
            first_ms = t_us // 1000
        elif SINGLE <= kind <= LONG:
            levels.append(escalation.level(kind, first_ms, t_us // 1000))
    return levels


def with_a_lost_edge(rng: random.Random, edges: Sequence[Edge], timing: Timing) -> list[Edge]:
    """What the firmware reconstructs when one interrupt was lost: its level is noticed late."""
    lost = rng.randrange(len(edges))
    late_us = edges[lost][0] + round(rng.uniform(0, NOTICED_WITHIN_MS) * 1000)
    samples = Samples(False, timing.release_ms * 1000)
    made: list[Edge] = []
    for i, (t_us, level) in enumerate(edges):
        if i == lost:
            if i + 1 < len(edges) and late_us >= edges[i + 1][0]:
                continue  # changed back before anybody looked
            t_us = late_us
        made += [(at_us, int(pressed)) for at_us, pressed in samples.sample(t_us, level == 1)]
    return made


def _alarms(part: Part) -> list[tuple[int, int]]:
    """Pairs of the level that was meant and the highest that was acted at; 0 if none."""
    rng = random.Random(part.seed)
    timing = Timing()
    made: list[tuple[int, int]] = []
    for _ in range(part.cases):
        meant = rng.choice((2, 3, 4))
        switch = models.switches()[rng.choice(SWITCHES)]
        edges = switches.edges(rng, switch, _gesture(rng, NAMES[meant]))
        levels = acted(with_a_lost_edge(rng, edges, timing), timing)
        made.append((meant, max(levels, default=0)))
    return made


def _gesture(rng: random.Random, label: str) -> list[Closing]:
    if label != "long":
        return hands.uneven(rng, hands.CLICKS[label], RHYTHM_MS, RHYTHM_MS)
    before = hands.uneven(rng, rng.randrange(3), RHYTHM_MS, RHYTHM_MS)
    from_ms = before[-1][1] + rng.uniform(*RHYTHM_MS) if before else 0.0
    return [*before, (from_ms, from_ms + rng.uniform(*HOLD_MS))]


def _panics(part: Part) -> list[bool]:
    rng = random.Random(part.seed)
    timing = Timing()
    made: list[bool] = []
    for _ in range(part.cases):
        switch = models.switches()[rng.choice(SWITCHES)]
        levels = acted(switches.edges(rng, switch, hands.panic(rng)), timing)
        made.append(bool(levels) and min(levels) >= 3)
    return made


def _false_per_1000_h(seed: int, hours: int, spark_ms: float) -> float:
    return 1000 * sum(run(_pockets, list(parts("pocket", seed, hours, spark_ms)))) / hours


def _pockets(part: Part) -> list[int]:
    """False alerts, an hour each."""
    rng = random.Random(part.seed)
    return [len(acted(_hour(rng, part.what), Timing())) for _ in range(part.cases)]


def _hour(rng: random.Random, spark_ms: float) -> list[Edge]:
    made: list[Edge] = []
    t_us = 0
    while t_us < 3_600_000_000:
        t_us += 1 + round(rng.expovariate(SPARKS_AN_HOUR / 3600) * 1e6)
        for _ in range(rng.randint(1, 6)):  # they come in groups
            until_us = t_us + 1 + round(rng.expovariate(1 / spark_ms) * 1000)
            made += [(t_us, 1), (until_us, 0)]
            t_us = until_us + round(rng.uniform(1, 80) * 1000)
    return made
