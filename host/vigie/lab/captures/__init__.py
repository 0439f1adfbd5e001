"""Captures of logic analysers: read into traces, and written from them."""
