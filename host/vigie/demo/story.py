"""Plays the demo: a fresh board, a phone, a walk, a hand."""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from vigie.bench.phones import BenchPhone, make_phone
from vigie.bench.virtual_rig import VirtualRig
from vigie.demo.script import Act
from vigie.phone.contacts import AddressBook
from vigie.phone.events import ButtonState, OutcomeChanged
from vigie.phone.position import TrackPosition
from vigie.phone.track import Track
from vigie.virtual.board import VirtualBoard
from vigie.virtual.world import World

INTO_THE_WALK_S = 900.0
"""The story begins a quarter of an hour into the walk."""
STORY_BEGINS = datetime(2026, 3, 14, 18, 0, tzinfo=UTC)
"""Date and time of the story: fixed, so that the messages are the same each time."""
_STATE_EVERY_S = 61.0


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


def prepare(
    world: World,
    board: VirtualBoard,
    folder: Path,
    book: AddressBook,
    track: Track,
    acts: list[Act],
) -> Story:
    """Put rig and phone around a board that has the firmware in its flash, and is off."""
    rig = VirtualRig(board)
    now_s = world.loop.time()
    epoch = STORY_BEGINS - timedelta(seconds=now_s)
    position = TrackPosition(track, now_s - INTO_THE_WALK_S)
    phone = make_phone(world, folder, position=position, book=book, epoch=epoch)
    rng = random.Random(f"networks {world.seed}")
    for network, usual_s in ((phone.sms, 2.0), (phone.calls, 5.0), (phone.mails, 1.0)):
        network.delay_s = lambda usual_s=usual_s: usual_s * rng.lognormvariate(0, 0.3)
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
    await _settle(story)


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
