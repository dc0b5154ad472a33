"""InitiateAuth and RespondToAuthChallenge, also for administrators; refreshing; revoking."""

from cognito_mock.core.json_types import JsonObject
from cognito_mock.flows import sign_in
from cognito_mock.flows.challenges import Challenge
from cognito_mock.flows.issue import AuthenticationResult
from cognito_mock.flows.members import optional_text, string_map, text
from cognito_mock.flows.token_refresh import get_tokens_from_refresh_token
from cognito_mock.flows.token_revocation import revoke_token
from cognito_mock.idp_api.call import Call


def initiate_auth(call: Call) -> JsonObject:
    """COG-API-OP-InitiateAuth and, with a pool id, COG-API-OP-AdminInitiateAuth."""
    outcome = sign_in.initiate_auth(
        call.services,
        client_id=text(call.input, "ClientId"),
        auth_flow=text(call.input, "AuthFlow"),
        parameters=string_map(call.input, "AuthParameters"),
        client_metadata=string_map(call.input, "ClientMetadata"),
        admin_pool_id=optional_text(call.input, "UserPoolId"),
    )
    return _outcome(outcome)


def respond_to_auth_challenge(call: Call) -> JsonObject:
    """COG-API-OP-RespondToAuthChallenge and COG-API-OP-AdminRespondToAuthChallenge."""
    outcome = sign_in.respond_to_auth_challenge(
        call.services,
        client_id=text(call.input, "ClientId"),
        challenge_name=text(call.input, "ChallengeName"),
        session=optional_text(call.input, "Session"),
        responses=string_map(call.input, "ChallengeResponses"),
        client_metadata=string_map(call.input, "ClientMetadata"),
        admin_pool_id=optional_text(call.input, "UserPoolId"),
    )
    return _outcome(outcome)


def get_tokens(call: Call) -> JsonObject:
    """COG-API-OP-GetTokensFromRefreshToken."""
    result = get_tokens_from_refresh_token(
        call.services,
        client_id=text(call.input, "ClientId"),
        refresh_token=text(call.input, "RefreshToken"),
        client_secret=optional_text(call.input, "ClientSecret"),
    )
    return {"AuthenticationResult": _tokens(result)}


def revoke(call: Call) -> JsonObject:
    """COG-API-OP-RevokeToken."""
    revoke_token(
        call.services,
        client_id=text(call.input, "ClientId"),
        client_secret=optional_text(call.input, "ClientSecret"),
        token=text(call.input, "Token"),
    )
    return {}


def _outcome(outcome: Challenge | AuthenticationResult) -> JsonObject:
    """COG-API-AUTH-005, -006: ChallengeParameters are always there."""
    if isinstance(outcome, Challenge):
        return {
            "ChallengeName": outcome.name,
            "Session": outcome.session,
            "ChallengeParameters": outcome.parameters,
        }
    return {"AuthenticationResult": _tokens(outcome), "ChallengeParameters": {}}


def _tokens(result: AuthenticationResult) -> JsonObject:
    return {
        "AccessToken": result.access_token,
        "ExpiresIn": result.expires_in,
        "IdToken": result.id_token,
        "RefreshToken": result.refresh_token,
        "TokenType": result.token_type,
    }


OPERATIONS = {
    "InitiateAuth": initiate_auth,
    "AdminInitiateAuth": initiate_auth,
    "RespondToAuthChallenge": respond_to_auth_challenge,
    "AdminRespondToAuthChallenge": respond_to_auth_challenge,
    "GetTokensFromRefreshToken": get_tokens,
    "RevokeToken": revoke,
}
