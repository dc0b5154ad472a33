"""An offline Amazon Cognito user pool."""
