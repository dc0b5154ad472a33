"""The user pool as plain values and pure functions: no I/O, no HTTP, no store."""
