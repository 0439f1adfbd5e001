"""Boards as data, and getting the firmware onto one."""
