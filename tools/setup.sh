#!/bin/sh
# Everything the project needs, into .venv and .cache of this checkout. Called by make; safe to repeat.
set -eu
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}
log=.cache/setup.log

fail() {
    printf 'setup: %s\n' "$1" >&2
    rm -f "$log"
    exit 2
}

# Half an environment is worse than none: the next run would take it for whole.
stopped() {
    trap '' INT TERM HUP
    rm -rf .venv "$log"
    printf 'setup: stopped; run make again\n' >&2
    exit "$1"
}
trap 'stopped 130' INT
trap 'stopped 143' TERM
trap 'stopped 129' HUP

# What a program says is shown if it fails. Stopped by Ctrl-C, Python says more than anybody wants to read.
quietly() {
    "$@" >"$log" 2>&1 || {
        cat "$log" >&2
        return 1
    }
}

mkdir -p .cache
command -v "$python" >/dev/null 2>&1 || fail "no '$python' here. Install Python 3.11 or newer, or say where it is: make PYTHON=/path/to/python3"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    fail "$("$python" -V) is too old: Vigie needs Python 3.11 or newer. Say where one is: make PYTHON=/path/to/python3"

if ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    echo "setup: making .venv with $("$python" -V) ..."
    rm -rf .venv
    quietly "$python" -m venv .venv || {
        rm -rf .venv
        fail "Python could not make a virtual environment; its message is above. On Debian and Ubuntu: apt install python3-venv"
    }
fi

echo "setup: installing the Python packages into .venv (a minute the first time) ..."
quietly .venv/bin/python -m pip install -qq --disable-pip-version-check --constraint requirements.lock --editable '.[dev]' ||
    fail "pip could not install the packages; its message is above. Check the network, then run make again: it goes on where it stopped."

# The stubs name their modules like the standard library: beside the host's packages they would shadow it.
stubs=.cache/micropython-stubs
if [ ! -e "$stubs/.ready" ]; then
    echo "setup: fetching the type stubs of MicroPython for the firmware's checks ..."
    rm -rf "$stubs"
    quietly .venv/bin/python -m pip install -qq --disable-pip-version-check --no-deps --target "$stubs" \
        --constraint requirements.lock micropython-esp32-stubs micropython-stdlib-stubs ||
        fail "pip could not fetch micropython-esp32-stubs; its message is above. Run make again when the network is back."
    touch "$stubs/.ready"
fi
touch .venv/.ready
rm -f "$log"
echo "setup: done"
