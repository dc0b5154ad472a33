"""Lambda authorizers, for functions that leave the token to API Gateway."""

import os

from cognito_verify import CognitoVerifier
from cognito_verify.web.aws_lambda import http_authorizer, rest_authorizer

verifier = CognitoVerifier(
    user_pool_id=os.environ.get("COGNITO_USER_POOL_ID"),
    issuer=os.environ.get("COGNITO_ISSUER"),
    client_id=os.environ["COGNITO_CLIENT_IDS"].split(","),
    token_use="access",
)

#: A REST API: type TOKEN or REQUEST.
rest = rest_authorizer(verifier)
#: An HTTP API: payload format 2.0, simple responses.
http = http_authorizer(verifier)
#: The same, for routes of the group alone.
http_admins = http_authorizer(verifier, groups=["admins"])
