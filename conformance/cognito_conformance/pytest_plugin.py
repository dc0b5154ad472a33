"""Collect the conformance suite as pytest items."""
