"""One asyncio task a feature; drivers come in by argument."""
