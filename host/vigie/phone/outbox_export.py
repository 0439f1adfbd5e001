"""The outbox as JSON Lines, for people and programs: same content, same bytes."""

import json
import os
from pathlib import Path
from typing import Any

from vigie.errors import VigieError
from vigie.phone.outbox import Outbox
from vigie.phone.records import HeldAlert, Message


def export_jsonl(outbox: Outbox, path: Path) -> int:
    """Write all messages, the oldest alert first, one a line. The file appears whole or not.

    Returns:
        How many messages were written.

    Raises:
        VigieError: the file cannot be written.
    """
    lines = [
        json.dumps(_line(alert, message), ensure_ascii=False) + "\n"
        for alert in outbox.alerts()
        for message in outbox.messages(alert.event_id)
    ]
    beside = path.with_name(path.name + ".part")  # same folder: only there is a rename atomic
    try:
        try:
            beside.unlink(missing_ok=True)
            beside.touch(0o600)  # positions and numbers are for the wearer alone
            with beside.open("w", encoding="utf-8", newline="\n") as file:
                file.writelines(lines)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise VigieError(
            f"{path}: cannot be written: {error.strerror}",
            "Check the folder, its rights and space.",
        ) from error
    return len(lines)


def _line(alert: HeldAlert, message: Message) -> dict[str, Any]:
    place = alert.place
    return {
        "event_id": repr(alert.event_id),
        "kind": alert.kind,
        "level": alert.level,
        "happened_at_ms": alert.happened_at_ms,
        "happened_earlier": alert.happened_earlier,
        "received_at_ms": alert.received_at_ms,
        "battery_mv": alert.battery_mv,
        "position": None
        if place is None
        else {
            "lat": place.lat,
            "lon": place.lon,
            "accuracy_m": place.accuracy_m,
            "at_ms": place.at_ms,
        },
        "channel": message.channel,
        "contact": message.contact,
        "name": message.name,
        "address": message.address,
        "state": message.state,
        "attempts": message.attempts,
        "repeat": message.repeat,
        "at_ms": message.at_ms,
        "sent_at_ms": message.sent_at_ms,
        "seen_at_ms": message.seen_at_ms,
        "error": message.error,
        "subject": message.subject,
        "text": message.text,
        "fingerprint": message.fingerprint or None,
    }
