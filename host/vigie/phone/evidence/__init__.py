"""Recordings as evidence: kept as received, rendered, described, and checked."""
