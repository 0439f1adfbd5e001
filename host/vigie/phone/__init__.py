"""The phone: it hears the button and tells the contacts."""
