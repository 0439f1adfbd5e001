"""docs/clicks.md: the claims, what was found, confusion, pictures, and how to make it again."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from vigie.lab import hands, models
from vigie.lab.proof.claim import Claim
from vigie.lab.proof.classes import Price, Row
from vigie.paths import FIRMWARE

COMMAND = "vigie clicks prove --page docs/clicks.md"
_CORE = FIRMWARE / "button" / "core"
_RULES = ("clicks.py", "contacts.py", "samples.py", "gestures.py")
_FINGERPRINT = "<!-- made from "


def fingerprint() -> str:
    """Of everything the figures follow from: the rules, the hands and the experiments."""
    lab = Path(__file__).parent.parent
    files = [
        *(_CORE / name for name in _RULES),
        *sorted(models.DATA.glob("*.toml")),
        *(lab / name for name in ("corpus.py", "hands.py", "judge.py", "switches.py")),
        *sorted(Path(__file__).parent.glob("*.py")),
    ]
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def is_fresh(page: Path) -> bool:
    """Whether a page was made from what is there now."""
    return f"{_FINGERPRINT}{fingerprint()}" in page.read_text(encoding="utf-8")


def text(
    claims: Sequence[Claim], rows: Sequence[Row], prices: Sequence[Price], seed: int, folder: str
) -> str:
    """The page. `folder` is where its pictures are, seen from it."""
    lines = [
        "# Click timing: what is claimed, and what was found",
        "",
        f"{_FINGERPRINT}{fingerprint()} -->",
        f"Everything on this page was made by one command, `{COMMAND}`, seed {seed}; it exits 1 "
        "when a claim fails. The hands and switches are models "
        "([data](../host/vigie/lab/data/), with their sources): they rank timings and find "
        "mistakes, they are no field data. Zero failures in n cases bound the rate at 3/n "
        "(95 %).",
        "",
        "| claim | cases | found | holds |",
        "| --- | ---: | --- | --- |",
        *(_row(c) for c in claims),
        "",
        "## Hands, with the default timing",
        "All switches together (clean, tact, ganssle, worn_25). A column is what came out; two "
        "gestures in one recording are joined by +. Doubles that end as two singles are raised "
        "a level by the firmware (`escalate_ms`), so they act as a double all the same.",
        "",
    ]
    for hand in dict.fromkeys(r.hand for r in rows):
        lines += [f"**{hand}**: {models.hands()[hand].about}", "", *_matrix(hand, rows), ""]
    lines += [
        "## What a shorter wait costs",
        f"![accuracy against the wait, by hand]({folder}/prices.png)",
        "",
        "| hand | shortest gap_ms with every class within 0.1 % |",
        "| --- | ---: |",
        *(f"| {p.hand} | {p.shortest_ms or 'none up to 1000'} |" for p in prices),
        "",
        "A wearer's own timing goes into the `[timing]` table of her board file. The default "
        "suits young and older hands; very slow hands need a longer gap and pay for it with a "
        "later prevention message, gloves slip too often for any gap.",
        "",
        "## Tremor",
        f"![singles against doubles and triples of a hand with tremor]({folder}/tremor.png)",
        "",
        "No gap and no debounce tells a tremor's second strike from a click, but its length and "
        "its distance do, as long as the wearer's own clicks are slower. That is why these values "
        "are off by default: somebody who clicks quickly would lose clicks.",
        "",
    ]
    return "\n".join(lines)


def _row(c: Claim) -> str:
    holds = "yes" if c.holds else "**NO**"
    return f"| **{c.name}**: {c.statement} | {c.n:,} | {c.found} | {holds} |"


def _matrix(hand: str, rows: Sequence[Row]) -> list[str]:
    ours = [r for r in rows if r.hand == hand]
    kinds = list(hands.LABELS)
    kinds += sorted({k for r in ours for k in r.kinds} - set(kinds))
    table = [
        f"| meant | {' | '.join(kinds)} | % right |",
        "| --- |" + " ---: |" * (len(kinds) + 1),
    ]
    for label in hands.LABELS:
        these = [r for r in ours if r.label == label]
        n = sum(r.n for r in these)
        counts = [sum(r.kinds.get(k, 0) for r in these) for k in kinds]
        right = 100 * counts[kinds.index(label)] / n
        cells = " | ".join(str(c or "") for c in counts)
        table.append(f"| {label} | {cells} | {right:.3f} |")
    return table
