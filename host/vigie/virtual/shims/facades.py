"""Built-in modules as a chip shows them.

The VM has more than a chip: the computer's files, sockets, threads, foreign functions. A program
on this board must not reach them.
"""

import builtins
import io
import micropython as _micropython
import os as _os
import sys as _sys
import vfs as _vfs
from collections import namedtuple

import bus
import console

_ON_THE_CHIP = (
    "_onewire _thread aioespnow apa106 btree dht ds18x20 esp espnow flashbdev inisetup mip "
    "neopixel network ntptime onewire platform requests socket ssl tls umqtt upysh webrepl "
    "websocket usocket ussl uplatform uwebsocket"
)
_NOT_ON_THE_CHIP = "ffi jni termios"
_modules = _sys.modules
_native_open = open
_Uname = namedtuple("uname", ("sysname", "nodename", "release", "version", "machine"))


def _facade(name, source, names, refused="", **more):
    """A module with these names of another one, and more. Known by its name and with a `u`."""
    import facade

    del _modules["facade"]
    facade._name, facade._refused, facade.__name__ = name, refused, name
    for shown in names.split():
        setattr(facade, shown, getattr(source, shown))
    for shown, value in more.items():
        setattr(facade, shown, value)
    _modules[name] = _modules["u" + name] = facade
    return facade


class _StandIn:
    """A module that cannot be used, unless one of its name is on flash."""

    def __init__(self, name):
        self._name = name

    def __getattr__(self, name):
        if _on_flash(self._name):
            del _modules[self._name]
            return getattr(__import__(self._name), name)
        if self._name in _NOT_ON_THE_CHIP.split():
            raise ImportError("no module named '%s'" % self._name)
        raise NotImplementedError("the virtual board does not model the module " + self._name)


def _on_flash(name):
    for folder in _sys.path:
        for end in ("", ".py", ".mpy"):
            try:
                _os.stat(folder + "/" + name + end if folder else name + end)
                return True
            except OSError:
                pass
    return False


def _open(file, *args, **kwargs):
    """The builtin `open`: a number is one of the computer's files, and no name of a chip's."""
    if isinstance(file, int):
        raise TypeError("can't convert 'int' object to str implicitly")
    opened = _native_open(file, *args, **kwargs)
    bus.settle()
    return opened


def _settled(name):
    """A function of `os`. A program that does nothing but files must hear of Ctrl-C too."""
    function = getattr(_os, name)

    def settled(*args):
        result = function(*args)
        bus.settle()
        return result

    return settled


def install():
    """Put everything into its place; the chip's `sys`."""
    chip_sys = _facade(
        "sys",
        _sys,
        "byteorder exit implementation maxsize modules path ps1 ps2 version version_info",
        platform="esp32",
        argv=[],
        stdin=console.stdin,
        stdout=console.stdout,
        stderr=console.stdout,
        print_exception=console.print_exception,
    )
    _facade(
        "micropython",
        _micropython,
        "const heap_lock heap_unlock mem_info opt_level qstr_info stack_use RingIO",
        "schedule",
        kbd_intr=console.kbd_intr,
        alloc_emergency_exception_buf=lambda n: None,
    )
    _facade("vfs", _vfs, "VfsFat VfsLfs2 mount umount")
    _facade("io", io, "BytesIO IOBase StringIO", "BufferedWriter", open=_open)
    chip_os = _facade(
        "os",
        _os,
        "getcwd ilistdir",
        "dupterm dupterm_notify",
        urandom=lambda n: bus.call("urandom", n),
        sync=lambda: None,
        uname=lambda: _Uname("esp32", "esp32", "1.25.0", _sys.version, "virtual board with ESP32"),
    )
    for name in "mount umount VfsFat VfsLfs2".split():
        setattr(chip_os, name, getattr(_vfs, name))
    for name in "chdir listdir mkdir remove rename rmdir stat statvfs unlink".split():
        setattr(chip_os, name, _settled(name))
    for name in (_ON_THE_CHIP + " " + _NOT_ON_THE_CHIP).split():
        _modules[name] = _StandIn(name)
    builtins.input = console.read_line
    builtins.print = console.print_line
    builtins.open = _open
    return chip_sys
