"""A MicroPython process on the world's clock: questions, answers, interrupts, leases.

Serving it is a plain loop of reading, performing and answering inside loop callbacks, not a task:
the VM and its host never run at the same time. An answer carries a lease, the time before which
nothing can happen in the world, and until then the VM moves its own clock without asking.
"""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

from vigie.virtual.bus import FOREVER_US, Answer, Ended, Hang, Op, Pipes, Question
from vigie.virtual.chip_clock import ChipClock
from vigie.virtual.clock import WorldLoop
from vigie.virtual.ctrl_c import CtrlC
from vigie.virtual.interrupts import Interrupt, Interrupts, Which
from vigie.virtual.last_words import LastWords
from vigie.virtual.performing import Chip, Performer
from vigie.virtual.process import Process, share_a_core

HANG_S = 10.0
"""Wall seconds without touching the bus after which a program counts as hung."""
STUCK_QUESTIONS = 20_000
"""Questions at one moment of virtual time after which a program counts as hung."""
LOOKS_MOST = 8
"""How often the world is given the chance to come to rest at a moment."""


class Vm:
    """One run of MicroPython, from power to the end of the process.

    Args:
        loop: the world's.
        image: the flash image.
        heap_bytes: size of the VM's heap.
        chip: what it runs on.
        origin_s: when the chip's clock was zero; now, if None.
        leases: whether to lend time.
        skip_stalls: in paced mode, let no wall time pass while the CPU is blocked.
    """

    def __init__(
        self,
        loop: WorldLoop,
        image: Path,
        heap_bytes: int,
        chip: Chip,
        *,
        origin_s: float | None = None,
        leases: bool = True,
        skip_stalls: bool = False,
    ):
        self._loop = loop
        self._chip = chip
        self._leases = leases
        self._skip_stalls = skip_stalls and loop.paced
        self.clock = ChipClock(loop, origin_s)
        self.dead = False
        self.questions = 0
        self._stuck_questions = 0
        self._looks = 0
        self._interrupts = Interrupts()
        self._stale = False
        self._asked = False
        self._takes = Which.NOTHING
        self._asleep = False
        self._due = Answer()
        self._last_text = ""
        self._timer: asyncio.Handle | None = None
        self._guard: asyncio.TimerHandle | None = None
        self._performer = Performer(loop, chip)
        if not loop.paced:
            share_a_core()
        self._pipes = Pipes()
        self._process = Process(image, heap_bytes, self._pipes)
        self._ctrl_c = CtrlC(
            loop,
            self._interrupts,
            self._process,
            self._pipes,
            lambda: (self.questions, self._asked),
        )
        if loop.paced:
            loop.hold(self)
            loop.add_reader(self._pipes.questions, self._readable)
            loop.add_reader(self._pipes.text, self._pipes.collect)
        else:
            self._timer = loop.call_soon(self._run, False)

    # --- what happens to the program

    def interrupt(self, interrupt: Interrupt) -> None:
        """Deliver it as soon as the program can take it, unless the chip would lose it."""
        if not self.dead and self._interrupts.add(interrupt):
            self._wake_up()

    def levels_changed(self) -> None:
        """What the program knows of the levels of its pins is old."""
        if not self.dead:
            self._stale = True
            self._wake_up()

    def _wake_up(self) -> None:
        if self._asleep and self._has_news():
            self._asleep = False
            self._cancel_timer()
            # Not at once: what happens at the same moment is seen together.
            self._timer = self._loop.call_soon(self._run, True)

    def _has_news(self) -> bool:
        stale = self._stale and self._takes is Which.ALL
        return stale or self._interrupts.waiting(self._takes) > 0

    def break_in(self, byte: int) -> None:
        """This byte was typed, Ctrl-C: it must reach a program that only computes, too."""
        if self._loop.paced:
            self._ctrl_c.typed(byte)

    def prepared(self, can_be_called: bool) -> None:
        """The VM is ready, and says whether it can be told of Ctrl-C in a way that is safe."""
        self._process.prepared = can_be_called

    def look(self) -> None:
        """Notice if the process has died while it waited for an answer."""
        if not self.dead and not self._process.alive:
            self._end(Ended())

    def kill(self) -> None:
        """Cut the power."""
        if self.dead:
            return
        self.dead = self._ctrl_c.dead = True
        self._cancel_timer()
        if self._guard:
            self._guard.cancel()
        self._performer.stop()
        if self._loop.paced:
            self._loop.release(self)
            self._loop.remove_reader(self._pipes.questions)
            self._loop.remove_reader(self._pipes.text)
        self._process.kill()
        if text := self._pipes.close():
            self._last_text = text.decode(errors="replace")
            self._chip.said(text)

    def _end(self, why: Exception) -> None:
        if isinstance(why, Hang):
            words = LastWords(self._process, self._pipes, waits=self._asked)
            if words.watchdog_us is not None:
                self.clock.now_us, self.clock.watchdog_us = words.now_us, words.watchdog_us
            why = Hang(f"{why}; {words}")
            self.kill()
        else:
            ending = self._process.how_it_ended()
            self.kill()
            last = self._last_text.strip()
            why = Ended(f"MicroPython {ending}" + (f" and said: {last}" if last else ""))
        self._chip.ended(why)

    # --- serving it

    def _run(self, answer: bool) -> None:
        """Answer if one is due, then serve until the program waits."""
        if self.dead:
            return
        try:
            if answer and not self._answer():
                return
            while not (self._loop.paced or self.dead):
                if not (self._serve(self._pipes.receive(HANG_S)) and self._answer()):
                    return
        except (Ended, Hang) as e:
            self._end(e)

    def _readable(self) -> None:
        self._loop.release(self)
        self._do(lambda: self._serve(self._pipes.receive(HANG_S)))

    def _serve_now(self, question: Question) -> None:
        self._do(lambda: self._serve(question))

    def _do(self, serve: Callable[[], bool]) -> None:
        try:
            served = serve()
        except (Ended, Hang) as e:
            self._end(e)
        else:
            if served:
                self._run(True)

    def _serve(self, question: Question) -> bool:
        """Whether the answer is known now; if not, somebody will call `_run`."""
        self._asked = True
        self.questions += 1
        if not self._loop.advance(at_s := self.clock.at_s(question.now_us)):
            self._timer = self._loop.call_at(at_s, self._serve_now, question)
            return False
        if self._looks_again(self._serve_now, question):
            return False
        self._check_progress(question)
        self.clock.now_us = max(self.clock.now_us, question.now_us)
        self.clock.watchdog_us = question.watchdog_us
        if question.text:
            self._chip.said(question.text)
        if self.clock.bites:
            self._chip.bitten()
            return False
        self._due = Answer()
        if question.op == Op.WAIT:
            return self._wait(question)
        if question.op == Op.STALL:
            return self._block(question.until_us)
        return self._perform(question)

    def _looks_again(self, then: Callable[..., None], what: Any) -> bool:
        """Whether more happens at this moment; then `then(what)` is called after it.

        So a question is about all that has happened by its time, and an answer can lend time: the
        program would only ask once more.
        """
        if self._loop.paced or not self._loop.busy or self._looks == LOOKS_MOST:
            self._looks = 0
            return False
        self._looks += 1
        self._timer = self._loop.call_soon(then, what)
        return True

    def _check_progress(self, question: Question) -> None:
        if question.now_us > self.clock.now_us:
            self._stuck_questions = 0
        self._stuck_questions += 1
        if self._stuck_questions > STUCK_QUESTIONS:
            raise Hang(f"the program asks {STUCK_QUESTIONS} things and lets no time pass")

    def _wait(self, question: Question) -> bool:
        self._takes = Which(question.a)
        if self._has_news() or question.until_us <= question.now_us:
            return True
        self._asleep = True
        return self._sleep(question.until_us)

    def _sleep(self, until_us: int) -> bool:
        """The program does nothing before that time, unless an interrupt ends it."""
        end_us = min(until_us, self.clock.watchdog_us)
        if end_us < FOREVER_US:
            self._timer = self._loop.call_at(self.clock.at_s(end_us), self._slept, end_us)
        return False

    def _slept(self, end_us: int) -> None:
        self._asleep = False
        self._interrupts.unmask()
        if end_us >= self.clock.watchdog_us:
            self._chip.bitten()
        else:
            self._run(True)

    def _block(self, until_us: int) -> bool:
        """The processor is blocked until then."""
        if until_us <= self.clock.now_us:
            return True
        self._interrupts.mask()
        if self._skip_stalls:
            self._loop.skip((until_us - self.clock.now_us) / 1e6)
        return self._sleep(until_us)

    def _perform(self, question: Question) -> bool:
        if question.op == Op.WATCHDOG_FEED:
            self._due.value = self.clock.feed_watchdog(question.a)
            return True
        if question.op == Op.SIGINT:
            self._due.value = self._ctrl_c.taken()
            return True
        performed = self._performer.perform(question, self._performed)
        if self.dead:
            return False
        if performed is None:
            return self._sleep(FOREVER_US)  # but the watchdog does not wait
        self._due, blocked_us = performed
        return self._block(self.clock.now_us + blocked_us)

    def _performed(self, answer: Answer) -> None:
        if not self.dead:
            self._cancel_timer()
            self._due = answer
            self._run(True)

    def _answer(self) -> bool:
        """Whether that could be done now; if not, `_run` will be called once more."""
        if self._looks_again(self._run, True):
            return False
        if self.clock.catch_up():
            self._stuck_questions = 0
        if self._takes and (event := self._interrupts.take(self._takes)):
            self._due = Answer(0, event.kind, event.words, event.data)
        typed = self._interrupts.waiting(Which.CONSOLE)
        message = self._due.pack(
            self.clock.now_us,
            self.clock.lease_us() if self._leases else 0,
            self._interrupts.waiting(Which.ALL) - typed,
            typed,
            self._stale,
        )
        self._asked = self._stale = False
        self._takes = Which.NOTHING
        self._pipes.send(message)
        if self._loop.paced:
            self._loop.hold(self)
            if not self._guard:
                self._watch()
        return True

    def _watch(self) -> None:
        """In paced mode the watchdog bites a program that computes, too."""
        self._guard = None
        if self._loop.time() >= (at_s := self.clock.at_s(self.clock.watchdog_us)):
            self._chip.bitten()
        elif self.clock.watchdog_us < FOREVER_US:
            self._guard = self._loop.call_at(at_s, self._watch)

    def _cancel_timer(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None
