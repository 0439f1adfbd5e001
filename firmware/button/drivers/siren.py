"""The siren: a sounder on a PWM pin."""

from machine import PWM, Pin


class Siren:
    """Sounds one tone, or none."""

    def __init__(self, pin: int):
        self._pin = pin
        self._pwm = None
        self.off()

    def tone(self, hz: int, duty_percent: int):
        """Sound this tone until told otherwise; 0 Hz is silence."""
        if hz == 0:
            self.off()
            return
        duty_u16 = duty_percent * 65535 // 100
        if self._pwm is None:
            self._pwm = PWM(Pin(self._pin), freq=hz, duty_u16=duty_u16)
        else:
            self._pwm.freq(hz)
            self._pwm.duty_u16(duty_u16)

    def off(self):
        """Be silent. The signal can stay routed to the pin after deinit, so the pin is driven."""
        if self._pwm is not None:
            self._pwm.duty_u16(0)
            self._pwm.deinit()
            self._pwm = None
        Pin(self._pin, Pin.OUT, value=0)
