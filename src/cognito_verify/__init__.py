"""Verify Amazon Cognito tokens, in headers and in cookies."""
