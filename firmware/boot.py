"""Before the button starts: any version of this file goes with any version of the firmware."""


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


def leave_console():
    """A key that is held while the power comes keeps the program away, for ten seconds at most.

    So Ctrl-C reaches the console whatever the program does. Only then: after any other reset, and
    when the key itself has woken the chip, a closed key may be somebody who needs help.
    """
    from time import sleep_ms

    import board_config as config
    from machine import PWRON_RESET, Pin, reset_cause

    if reset_cause() != PWRON_RESET:
        return
    pull = {"up": Pin.PULL_UP, "down": Pin.PULL_DOWN, "none": None}[config.KEY_PULL]
    key = Pin(config.KEY_PIN, Pin.IN, pull)
    pressed = 0 if config.KEY_ACTIVE_LOW else 1
    for tenths in range(100):
        if key.value() != pressed:
            return
        if not tenths:
            print("key held at power-on: Ctrl-C for the console, the button starts in 10 s")
        sleep_ms(100)


finish()
leave_console()
del finish, leave_console
