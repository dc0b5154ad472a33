"""The suite as pytest items; collected with ``--cognito-adapter``."""
