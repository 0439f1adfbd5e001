"""Plays the demo: a fresh board, a phone, a walk, a hand."""

import asyncio
import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from button.core.wire import RECORDING
from vigie.bench.phones import BenchPhone, make_phone
from vigie.bench.virtual_rig import VirtualRig
from vigie.boards.console_log import Line
from vigie.demo.script import Act
from vigie.phone.contacts import AddressBook
from vigie.phone.events import ButtonState, OutcomeChanged, RecordingClosed
from vigie.phone.position import TrackPosition
from vigie.phone.track import Track
from vigie.virtual.acoustics.sounds import Sound
from vigie.virtual.board import VirtualBoard
from vigie.virtual.world import World

INTO_THE_WALK_S = 900.0
"""The story begins a quarter of an hour into the walk."""
STORY_BEGINS = datetime(2026, 3, 14, 18, 0, tzinfo=UTC)
"""Date and time of the story: fixed, so that the messages are the same each time."""
RECORDING_BEGAN = re.compile(r"recording ([0-9a-f]{16}-\d+)$")
RECORDING_ENDED = re.compile(r"recording [0-9a-f]{16}-\d+ ended")
SPEAKS_AFTER_S = 1.0
"""Somebody in the room begins to speak so long after the first recording has begun."""
_STATE_EVERY_S = 61.0
_CLOSED_WITHIN_S = 60.0


@dataclass(slots=True)
class Story:
    """All that the report and the pictures need afterwards. Times are the world's seconds."""

    world: World
    board: VirtualBoard
    rig: VirtualRig
    phone: BenchPhone
    acts: list[Act]
    began_s: float
    on_act: Callable[[Act], None] = lambda act: None
    on_end_of_recording: Callable[[], None] = lambda: None


def prepare(
    world: World,
    board: VirtualBoard,
    folder: Path,
    book: AddressBook,
    track: Track,
    acts: list[Act],
    speech: Sound,
) -> Story:
    """Put rig, phone and room around a board that has the firmware in its flash, and is off."""
    rig = VirtualRig(board)
    now_s = world.loop.time()
    epoch = STORY_BEGINS - timedelta(seconds=now_s)
    position = TrackPosition(track, now_s - INTO_THE_WALK_S)
    phone = make_phone(world, folder, position=position, book=book, epoch=epoch)
    rng = random.Random(f"networks {world.seed}")
    for network, usual_s in ((phone.sms, 2.0), (phone.calls, 5.0), (phone.mails, 1.0)):
        network.delay_s = lambda usual_s=usual_s: usual_s * rng.lognormvariate(0, 0.3)
    spoken: list[Line] = []

    def speak(line: Line) -> None:
        if RECORDING_BEGAN.search(line.text) and not spoken:
            spoken.append(line)
            board.room.play(speech, line.t_s + SPEAKS_AFTER_S)

    board.console.said_line.append(speak)
    return Story(world, board, rig, phone, acts, now_s)


async def play(story: Story) -> None:
    """Let it happen."""
    story.board.power_on()
    await story.phone.connect(within_s=30)
    await asyncio.sleep(2)
    for act in story.acts:
        if not act.edges:
            continue
        story.on_act(act)
        length_s = story.rig.play(act.edges)
        if act.reply_s is not None:
            story.world.loop.call_later(length_s + act.reply_s, _reply, story)
        await asyncio.sleep(length_s + act.pause_s)
        if act.ends_recording:
            await _end_recording(story)
    await _end_recording(story)
    await _settle(story)


async def _end_recording(story: Story) -> None:
    """The phone's user ends the recording, if there is one, and the phone gets the rest of it."""
    heard = story.phone.transcript
    states = heard.of(ButtonState)
    if not story.board.on or not states or not states[-1].state.flags & RECORDING:
        return
    story.on_end_of_recording()
    since = len(heard.events)
    story.phone.record(False)
    await heard.saw(RecordingClosed, within_s=_CLOSED_WITHIN_S, since=since)


def _reply(story: Story) -> None:
    if story.phone.app:
        story.phone.app.contact_replied(story.phone.contacts[0])


async def _settle(story: Story) -> None:
    """Until every alert has its outcome and the button has said how it is once more."""
    while story.board.on and (pending := _unfinished(story)):
        since = len(story.phone.transcript.events)
        await story.phone.transcript.saw(OutcomeChanged, within_s=3600, since=since)
        if _unfinished(story) == pending:
            break
    since = len(story.phone.transcript.events)
    await story.phone.transcript.saw(ButtonState, within_s=_STATE_EVERY_S * 2, since=since)


def _unfinished(story: Story) -> int:
    changes = story.phone.transcript.of(OutcomeChanged)
    last = {repr(c.outcome.event_id): c.outcome for c in changes}
    return sum(1 for outcome in last.values() if outcome.waiting)
