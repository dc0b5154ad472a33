"""Where records live: a protocol and its implementations."""
