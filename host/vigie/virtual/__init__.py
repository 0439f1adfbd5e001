"""A board made of software, on a clock of its own."""
