"""Start the button. Any version of this file starts any version of the firmware."""

import gc


def finish():
    """Do what a deploy has left to do, if it was cut short (boards/deploy.py of the host)."""
    import os

    try:
        with open("next/commit") as f:
            orders = f.read().split("\n")
    except OSError:
        return
    for order in orders:
        place, _, name = order.partition(" ")
        try:
            if place == "-":
                os.remove(name)
            elif name:
                os.rename(place, name)
        except OSError as e:
            if e.errno != 2:  # 2: it is done already
                print("deploy: %s: %r; again at the next start" % (name, e))
                return
    os.remove("next/commit")


finish()
del finish
# Collect early, or what lives long is scattered over the heap and no large piece is ever free.
gc.threshold(16384)

from button.app import main

main()
