"""The fixtures are in vigie.pytest_plugin, which pytest loads by itself."""

import signal

# A shell has what it starts in the background ignore Ctrl-C. What the tests start would inherit
# that, and they end programs by it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
