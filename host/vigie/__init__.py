"""Vigie: the bench for the alert button, and the phone it talks to."""
