"""What there is to hear of a story: recordings, checked and described, and the siren."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from vigie.bench.signal import Pulse
from vigie.demo.story import RECORDING_BEGAN, RECORDING_ENDED, Story
from vigie.phone.events import RecordingClosed
from vigie.phone.evidence import report
from vigie.phone.evidence.verify import Verdict, verify
from vigie.virtual.acoustics import sounder
from vigie.virtual.acoustics.sounds import Sound

SILENCE_S = 0.2
SIREN_MOST_S = 60.0
"""No longer than this: the siren may sound for ten minutes."""


def recorded(story: Story) -> list[Pulse]:
    """When the button was recording, by its console."""
    made: list[Pulse] = []
    began_s: float | None = None
    for line in story.board.console.lines:
        if RECORDING_BEGAN.search(line.text):
            began_s = line.t_s
        elif began_s is not None and RECORDING_ENDED.search(line.text):
            made.append(Pulse(began_s, line.t_s))
            began_s = None
    return made


def siren(story: Story) -> Sound | None:
    """What the siren sounded like from its first tone on; None if it was never heard."""
    pulses = story.rig.siren.pulses
    if not pulses:
        return None
    from_s = pulses[0].on_s - SILENCE_S
    to_s = min(pulses[-1].off_s, from_s + SIREN_MOST_S) + SILENCE_S
    return sounder.heard(story.board.gpio.outputs, story.board.spec.siren, from_s, to_s)


def keep(story: Story, folder: Path) -> list[Verdict]:
    """Copy the recordings into this folder, numbered from 1 on, each with the report on it.

    Returns:
        What the check of each came to.
    """
    verdicts: list[Verdict] = []
    for number, event in enumerate(story.phone.transcript.of(RecordingClosed), 1):
        target = folder / str(number)
        shutil.copytree(story.phone.evidence / event.manifest.recording, target)
        verdicts.append(verify(target))
        report.write(verdicts[-1], target)
    return verdicts


def described(verdicts: Sequence[Verdict]) -> list[dict[str, Any]]:
    """What a program may want to know of each."""
    return [
        {
            "recording": verdict.manifest.recording,
            "folder": f"evidence/{verdict.folder.name}",
            "seconds": verdict.manifest.seconds,
            "samples_lost": verdict.manifest.lost,
            "ended": verdict.manifest.ended,
            "fingerprint": verdict.manifest.fingerprint,
            "sound": verdict.is_sound,
        }
        for verdict in verdicts
    ]
