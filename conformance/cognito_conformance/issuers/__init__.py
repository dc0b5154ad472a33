"""Judge an issuer: whether its keys, tokens, sign-in and OAuth endpoints behave as Cognito's.

Unlike a verifier, an issuer needs no adapter: it is asked over HTTP, as its clients ask it.
"""
