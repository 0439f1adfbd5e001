"""A program on the virtual board reaches a chip, never the computer it really runs on."""

import pytest
from mpremote.transport import TransportExecError

from tests.virtual.programs import say
from vigie.virtual.board import VirtualBoard
from vigie.virtual.world import World


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("import socket; socket.socket()", "NotImplementedError"),
        ("from socket import getaddrinfo", "NotImplementedError"),
        ("import ssl; ssl.wrap_socket", "NotImplementedError"),
        ("import _thread; _thread.start_new_thread(print, ())", "NotImplementedError"),
        ("import network; network.WLAN()", "NotImplementedError"),
        ("import neopixel; neopixel.NeoPixel", "NotImplementedError"),
        ("import platform; platform.platform()", "NotImplementedError"),
        ("import asyncio; asyncio.run(asyncio.open_connection('a', 1))", "NotImplementedError"),
        ("import ffi; ffi.open(None)", "ImportError"),
        ("import termios; termios.tcgetattr", "ImportError"),
        ("import nothing_at_all", "ImportError"),
        ("import vfs; vfs.VfsPosix('/')", "AttributeError"),
        ("import os; os.VfsPosix('/')", "AttributeError"),
        ("import os; os.system('true')", "AttributeError"),
        ("import os; os.getenv('HOME')", "AttributeError"),
        ("import sys; sys.executable", "AttributeError"),
        ("import io; io.FileIO", "AttributeError"),
        ("import io; io.BufferedWriter", "NotImplementedError"),
        ("open(2, 'wb')", "TypeError"),
        ("import io; io.open(0)", "TypeError"),
        ("import native", "ImportError"),
        ("import facade", "ImportError"),
        ("import ops", "ImportError"),
        ("open('/etc/passwd')", "ENOENT"),
    ],
)
def test_it_does_not_reach(world: World, bare: VirtualBoard, code: str, error: str) -> None:
    with pytest.raises(TransportExecError, match=error):
        say(world, bare, code)


def test_what_a_chip_shows_is_shown(world: World, bare: VirtualBoard) -> None:
    code = """
from os import *
from micropython import *
from sys import *
import os, sys, vfs, io, uos, usys
print(listdir(), platform, argv, const(3), uos is os, usys is sys, vfs.mount is os.mount)
with io.open("x", "w") as f: f.write("y")
print(open("x").read(), stat("x")[6], uname()[0])
"""
    assert say(world, bare, code) == ("['main.py'] esp32 [] 3 True True True\ny 1 esp32\n")


def test_a_file_goes_before_a_module_that_nobody_models(world: World, bare: VirtualBoard) -> None:
    code = """
with open("ssl.py", "w") as f: f.write("MINE = 1")
import ssl
print(ssl.MINE)
"""
    assert say(world, bare, code) == "1\n"


def test_packages_import_their_own_parts(world: World, bare: VirtualBoard) -> None:
    code = """
import os
os.mkdir("package")
with open("package/__init__.py", "w") as f: f.write("from .part import WHOLE\\nfrom . import part")
with open("package/part.py", "w") as f: f.write("WHOLE = 1")
import package
print(package.WHOLE, package.part.WHOLE)
"""
    assert say(world, bare, code) == "1 1\n"
