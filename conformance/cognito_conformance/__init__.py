"""Judge anything that verifies Amazon Cognito tokens."""
