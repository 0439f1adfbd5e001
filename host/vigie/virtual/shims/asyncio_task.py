"""Takes the place of the C scheduler `_asyncio`, which reads the computer's clock.

What asyncio.core expects of a task:
  state  True: runs | TaskQueue or callable: somebody awaits it | None: ended, nobody awaited it |
         False: ended and awaited
  data   what a sleeping task waits in, the exception to throw into it, or its outcome at the end
"""

from time import ticks_diff, ticks_ms


class TaskQueue:
    """Tasks in order of their wake-up; equal times first come first served."""

    def __init__(self):
        self._tasks = []

    def peek(self):
        return self._tasks[0] if self._tasks else None

    def push(self, task, key=None):
        task.data = None
        task.ph_key = ticks_ms() if key is None else key
        i = len(self._tasks)
        while i and ticks_diff(task.ph_key, self._tasks[i - 1].ph_key) < 0:
            i -= 1
        self._tasks.insert(i, task)

    def pop(self):
        return self._tasks.pop(0)

    def remove(self, task):
        self._tasks.remove(task)


class Task:
    def __init__(self, coro, namespace=None):
        self.coro = coro
        self.data = None
        self.state = True
        self.ph_key = 0
        self._core = namespace  # globals of asyncio.core: cur_task, _task_queue, CancelledError

    def done(self):
        return not self.state

    def __iter__(self):  # `await task` begins
        if self.done():
            self.state = False
        elif self.state is True:
            self.state = TaskQueue()
        elif not isinstance(self.state, TaskQueue):
            raise RuntimeError("can't wait")
        return self

    def __next__(self):
        if self.done():
            raise self.data  # StopIteration(value) is a normal result
        waiter = self._core["cur_task"]
        self.state.push(waiter)
        waiter.data = self

    def cancel(self):
        if self.done():
            return False
        if self is self._core["cur_task"]:
            raise RuntimeError("can't cancel self")
        victim = self
        while isinstance(victim.data, Task):  # cancel what it waits for: the error travels up
            victim = victim.data
        run_queue = self._core["_task_queue"]
        if hasattr(victim.data, "remove"):  # it waits in an Event, a Lock or a stream
            victim.data.remove(victim)
            run_queue.push(victim)
        elif ticks_diff(victim.ph_key, ticks_ms()) > 0:
            run_queue.remove(victim)
            run_queue.push(victim)
        victim.data = self._core["CancelledError"]
        return True
