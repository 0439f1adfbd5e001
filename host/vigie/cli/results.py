"""The files that the demo leaves, and how they come into a folder that may be the user's own."""

from pathlib import Path

from vigie.errors import VigieError

FILES = {
    "report.json": "times of every step, every message",
    "timeline.png": "the story as a picture",
    "outbox.jsonl": "the phone's outbox",
    "evidence": "the recordings, each with its report: listen to evidence/1/audio.wav",
    "siren.wav": "the siren as its sounder makes it",
    "hci": "Bluetooth packets, for Wireshark",
    "board.log": "what the button said on its console",
}
"""By name; "hci" and "evidence" are folders."""
FOLDERS = ("evidence", "hci")


def check(out: Path) -> None:
    """Raise VigieError if something in the folder stands in the way of a result."""
    for name in FILES:
        path = out / name
        if name in FOLDERS:
            if path.exists() and not path.is_dir():
                raise _in_the_way(path, "a file")
        elif path.is_dir():
            raise _in_the_way(path, "a folder")


def publish(made: Path, out: Path) -> None:
    """Move the files one by one to their places, over those of an earlier run and nothing else.

    They hold positions and numbers, so they are for this user alone.

    Raises:
        VigieError: a folder is in the place of a file, or the disk does not take it.
    """
    try:
        for path in sorted(path for path in made.rglob("*") if path.is_file()):
            path.chmod(0o600)
            target = out / path.relative_to(made)
            if target.is_dir():
                raise _in_the_way(target, "a folder")
            target.parent.mkdir(parents=True, exist_ok=True)
            path.replace(target)
    except OSError as e:
        raise VigieError(
            f"The results cannot be moved to {out}: {e.strerror}.",
            "Choose another folder with --out.",
        ) from None


def _in_the_way(path: Path, what: str) -> VigieError:
    return VigieError(
        f"{path} is {what}, and the demo would write its own there.",
        "Choose another folder with --out, or move it away.",
    )
