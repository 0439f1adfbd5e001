#!/bin/sh
# Tells the coordinator of the place and of what belongs to it. Once; the coordinator keeps it in the folder it was
# started in. LG_COORDINATOR says where that is, if not on this machine.
set -eu
client="$(dirname "$0")/../../.cache/labgrid/bin/labgrid-client"
place=vigie-1
group='*/vigie-bench'            # of any exporter; with several benches its name instead of the star

"$client" -p "$place" create
"$client" -p "$place" set-comment "a button, a second board that presses it, a radio"
"$client" -p "$place" add-match "$group/NetworkSerialPort/*"
