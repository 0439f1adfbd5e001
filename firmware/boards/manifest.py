"""What an image has inside: MicroPython's own start, asyncio, and the firmware."""

freeze("$(PORT_DIR)/modules")  # mounts the file system
include("$(MPY_DIR)/extmod/asyncio")
include("../manifest.py")
