"""A bleak backend on a virtual phone."""
