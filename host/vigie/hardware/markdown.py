"""Tables and the first line of generated pages."""

from collections.abc import Iterable, Sequence

GENERATED = "<!-- Made from {source} by `vigie hardware pages`: change that, not this. -->"


def table(head: Sequence[str], rows: Iterable[Sequence[str]], right_from: int = 99) -> list[str]:
    """A table, line by line. Columns from `right_from` on stand at the right."""
    rules = ["---:" if n >= right_from else "---" for n in range(len(head))]
    return [_row(head), _row(rules), *(_row(row) for row in rows)]


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"
