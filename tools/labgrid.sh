#!/bin/sh
# labgrid, into .cache/labgrid of this checkout: an environment above .venv, which stays as it is. Called by
# make; safe to repeat. benches/labgrid/README.md says why it is apart.
set -eu
cd "$(dirname "$0")/.."
home=.cache/labgrid
log=.cache/labgrid.log

fail() {
    printf 'labgrid: %s\n' "$1" >&2
    rm -f "$log"
    exit 2
}

# What a program says is shown if it fails.
quietly() {
    "$@" >"$log" 2>&1 || {
        cat "$log" >&2
        return 1
    }
}

site() {
    "$1" -c 'import sysconfig; print(sysconfig.get_path("purelib"))'
}

mkdir -p .cache
[ -e .venv/.ready ] || fail "there is no .venv. Run make setup first"
rm -f "$home/.ready"
if [ "$("$home/bin/python" -V 2>&1)" != "$(.venv/bin/python -V)" ]; then
    rm -rf "$home"
    quietly .venv/bin/python -m venv --without-pip "$home" || {
        rm -rf "$home"
        fail "Python could not make a virtual environment; its message is above"
    }
fi

# What is not in this environment comes from .venv: one pytest, one vigie.
printf 'import site; site.addsitedir("%s")\n' "$(site .venv/bin/python)" >"$(site "$home/bin/python")/vigie.pth"

echo "labgrid: installing labgrid into $home (some 20 s the first time) ..."
quietly .venv/bin/python -m pip --python "$home/bin/python" install -qq --disable-pip-version-check \
    --requirement benches/labgrid/requirements.txt ||
    fail "pip could not install labgrid; its message is above. Check the network, then run make again. Tests without it: .venv/bin/python -m pytest -n auto"
touch "$home/.ready"
rm -f "$log"
echo "labgrid: done"
