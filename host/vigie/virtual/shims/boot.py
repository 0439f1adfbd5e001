"""First code in the VM: the shims take their places, flash is mounted, then the chip's boot order.

Arguments: the shims' folder, the bus's two file descriptors, the image of the flash, and what
`find_pending.py` has found.
"""

import sys

import bus

_folder, _fd_in, _fd_out, _image, _distance = sys.argv
bus.connect(int(_fd_in), int(_fd_out))
_modules = sys.modules
import time

_modules["time"] = _modules["utime"] = time
import os
import random
import select
import vfs

import asyncio_task
import bluetooth
import esp32
import facades
import machine
import machine_i2s
import native
import repl
from flash import Flash

_modules["select"] = _modules["uselect"] = select
_modules["machine"] = _modules["umachine"] = machine
_modules["bluetooth"] = _modules["ubluetooth"] = bluetooth
_modules["esp32"] = esp32
_modules["_asyncio"] = object()
_modules["asyncio.task"] = asyncio_task
prepared = native.prepare(int(_distance))
chip_sys = facades.install()

for _name in (
    "asyncio_task boot bus console facades flash flash_viper gatt machine_analog machine_i2s "
    "machine_pin machine_timing native ops repl unmodelled"
).split():
    _modules.pop(_name, None)  # a chip has no such modules

hello = bus.call("hello", prepared)
machine._facts.update(hello)
random.seed(hello["seed"])
machine_i2s.connect(_image + ".sound")
bus.paced = hello["paced"]
bus.watchdog = hello["watchdog_at_us"]
time.ticks_origin_us = hello["ticks_us"]
time.rtc_origin_us = hello["rtc_us"] - bus.now
bus.stall(hello["boot_us"])


def _mount():
    """Mount the flash; a blank one is formatted first, as the chip does."""
    flash = Flash(_image)
    vfs.umount("/")
    if flash.blank():
        vfs.VfsLfs2.mkfs(flash)
    # Without mtime: it would write the computer's clock into the image.
    vfs.mount(vfs.VfsLfs2(flash, mtime=False), "/")
    os.chdir("/")


def _corrupted():
    """What the chip does for ever when the file system cannot be mounted."""
    while True:
        print("the flash holds a file system that cannot be mounted; erase it and deploy again")
        time.sleep(3)


def _boot(globals_):
    """Mount, boot.py, main.py."""
    try:
        _mount()
    except OSError:
        _corrupted()
    sys.path[:] = ["", ".frozen", "/lib"]
    ok = True
    for name in ("boot.py",) if hello["raw"] else ("boot.py", "main.py"):
        try:
            with open(name) as f:
                code = f.read()
        except OSError:
            continue
        ok = ok and repl.run(code, name, globals_, chip_sys.print_exception)


def _start(globals_):
    """The boot order, and then the REPL for ever."""
    try:
        _boot(globals_)
    except KeyboardInterrupt:  # late, meant for a program that has just ended
        pass
    repl.serve(chip_sys, globals_, hello["raw"])


try:
    _start({"__name__": "__main__"})
except bus.PowerOff:
    pass
