"""An outcome counts as told when the button has heard it, and not before."""

import asyncio

import pytest

from button.core.wire import FAILED, HANDED_OVER
from vigie.phone.dispatch import Dispatcher
from vigie.phone.gateways import GatewayRefused

from .world import ANAIS, KARIM, MAMAN, MakeAlert, World


async def nothing(dispatcher: Dispatcher) -> None:
    await asyncio.sleep(1)


@pytest.mark.parametrize("feedback", [HANDED_OVER, FAILED])
def test_what_the_button_has_not_heard_is_said_again_after_each_restart(
    world: World, alert: MakeAlert, feedback: int
) -> None:
    if feedback == FAILED:
        world.scripts["sms"] = {c: [GatewayRefused("no credit")] for c in (ANAIS, KARIM, MAMAN)}
    world.button_hears = False
    world.accept(alert(level=1))
    for _ in range(2):
        assert world.outbox.told(alert().event_id) is None
        world.outcomes.clear()
        world.live(nothing)
        assert world.feedback() == [(0, feedback)]
    world.button_hears = True
    world.live(nothing)
    assert world.outbox.told(alert().event_id) == feedback
    world.outcomes.clear()
    world.live(nothing)
    assert world.outcomes == []


def test_news_that_came_after_the_last_telling_is_said_after_a_restart(
    world: World, alert: MakeAlert
) -> None:
    world.accept(alert(level=1))
    world.outbox.set_told(alert().event_id, FAILED)  # as if killed before the rest was heard
    world.outcomes.clear()
    world.live(nothing)
    assert world.feedback() == [(0, HANDED_OVER)]


def test_a_listener_that_fails_stops_no_message(world: World, alert: MakeAlert) -> None:
    class Outcomes(list[object]):
        def append(self, item: object) -> None:
            raise RuntimeError("a fault in a display")

    world.outcomes = Outcomes()  # pyright: ignore[reportAttributeAccessIssue]
    world.accept(alert(level=2))
    assert set(world.states(alert().event_id).values()) == {"sent"}
