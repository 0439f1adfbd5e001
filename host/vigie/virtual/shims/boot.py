"""First code in the VM: the shims take their places, flash is mounted, then the chip's boot order.

Arguments: the shims' folder, the bus's two file descriptors, the image of the flash.
"""

import sys

import bus

_folder, _fd_in, _fd_out, _image = sys.argv
bus.connect(int(_fd_in), int(_fd_out))
_modules = sys.modules
import time

_modules["time"] = _modules["utime"] = time
import builtins
import console
import micropython as _micropython
import os as _os
import random
import select
import vfs as _vfs
from collections import namedtuple

import asyncio_task
import bluetooth
import esp32
import machine
import repl
from flash import Flash
from unmodelled import refuse


class Module:
    """A module that shows only what the chip has."""

    def __init__(self, source, names, refused, **more):
        for name in names.split():
            setattr(self, name, getattr(source, name))
        for name, value in more.items():
            setattr(self, name, value)
        self._refused = refused

    def __getattr__(self, name):
        refuse("a module", name, self._refused)


_Uname = namedtuple("uname", ("sysname", "nodename", "release", "version", "machine"))
chip_sys = console.Sys()
_modules["sys"] = chip_sys
_modules["select"] = _modules["uselect"] = select
_modules["machine"] = _modules["umachine"] = machine
_modules["bluetooth"] = _modules["ubluetooth"] = bluetooth
_modules["esp32"] = esp32
_modules["_asyncio"] = object()
_modules["asyncio.task"] = asyncio_task
_modules["micropython"] = Module(
    _micropython,
    "const heap_lock heap_unlock mem_info opt_level qstr_info stack_use RingIO",
    "schedule",
    kbd_intr=console.kbd_intr,
    alloc_emergency_exception_buf=lambda n: None,
)
_modules["os"] = _modules["uos"] = Module(
    _os,
    "remove chdir getcwd ilistdir listdir mkdir rename rmdir stat statvfs unlink",
    "dupterm dupterm_notify",
    mount=_vfs.mount,
    umount=_vfs.umount,
    VfsLfs2=_vfs.VfsLfs2,
    VfsFat=_vfs.VfsFat,
    urandom=lambda n: bus.call("urandom", n),
    sync=lambda: None,
    uname=lambda: _Uname("esp32", "esp32", "1.25.0", chip_sys.version, "virtual board with ESP32"),
)
builtins.input = console.read_line
builtins.print = console.print_line

for _name in (
    "asyncio_task boot bus console flash machine_analog machine_pin machine_timing repl unmodelled"
).split():
    _modules.pop(_name, None)  # a chip has no such modules

hello = bus.call("hello")
machine._facts.update(hello)
random.seed(hello["seed"])
time.ticks_origin_us = hello["ticks_us"]
time.rtc_origin_us = hello["rtc_us"]
if hello["watchdog_us"] is not None:
    bus.watchdog = bus.now + hello["watchdog_us"]
bus.stall(hello["boot_us"])


def _mount():
    """Mount the flash; a blank one is formatted first, as the chip does."""
    flash = Flash(_image)
    _vfs.umount("/")
    if flash.blank():
        _vfs.VfsLfs2.mkfs(flash)
    # Without mtime: it would write the computer's clock into the image.
    _vfs.mount(_vfs.VfsLfs2(flash, mtime=False), "/")
    _os.chdir("/")


def _corrupted():
    """What the chip does for ever when the file system cannot be mounted."""
    while True:
        print("the flash holds a file system that cannot be mounted; erase it and deploy again")
        time.sleep(3)


def _start(globals_):
    """boot.py, main.py, REPL."""
    ok = True
    for name in ("boot.py",) if hello["raw"] else ("boot.py", "main.py"):
        try:
            with open(name) as f:
                code = f.read()
        except OSError:
            continue
        ok = ok and repl.run(code, name, globals_, chip_sys.print_exception)
    repl.serve(chip_sys, globals_, hello["raw"])


try:
    try:
        _mount()
    except OSError:
        _corrupted()
    sys.path[:] = ["", ".frozen", "/lib"]
    _start({"__name__": "__main__"})
except bus.PowerOff:
    pass
