"""The timing lab: record presses, replay them, score, sweep and see timings."""

from vigie.cli.clicks import (
    captures,
    generate,
    plot,
    prove,
    record,
    replay,
    score,
    sweep,
)

COMMANDS = {
    "record": record.command,
    "replay": replay.command,
    "score": score.command,
    "sweep": sweep.command,
    "plot": plot.command,
    "generate": generate.command,
    "import": captures.import_command,
    "export": captures.export_command,
    "prove": prove.command,
}
