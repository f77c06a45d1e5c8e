"""Checking what people write: each fault at its file, line and key, with what to do about it."""
