"""InitiateAuth and RespondToAuthChallenge, also for administrators; refreshing; revoking."""

from collections.abc import Mapping

from cognito_mock.core.json_types import JsonObject
from cognito_mock.flows import sign_in
from cognito_mock.flows.challenges import Challenge
from cognito_mock.flows.devices import device_at_sign_in
from cognito_mock.flows.issue import AuthenticationResult
from cognito_mock.flows.members import optional_text, section, string_map, text
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
    return _outcome(call, outcome, string_map(call.input, "AuthParameters"))


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
    return _outcome(call, outcome, string_map(call.input, "ChallengeResponses"))


def get_tokens(call: Call) -> JsonObject:
    """COG-API-OP-GetTokensFromRefreshToken."""
    result = get_tokens_from_refresh_token(
        call.services,
        client_id=text(call.input, "ClientId"),
        refresh_token=text(call.input, "RefreshToken"),
        device_key=optional_text(call.input, "DeviceKey"),
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


def _outcome(
    call: Call, outcome: Challenge | AuthenticationResult, given: Mapping[str, str]
) -> JsonObject:
    """COG-API-AUTH-005, -006: ChallengeParameters are always there."""
    if isinstance(outcome, Challenge):
        return {
            "ChallengeName": outcome.name,
            "Session": outcome.session,
            "ChallengeParameters": outcome.parameters,
        }
    result = {**_tokens(outcome), "NewDeviceMetadata": _new_device(call, outcome, given)}
    return {"AuthenticationResult": result, "ChallengeParameters": {}}


def _new_device(
    call: Call, result: AuthenticationResult, given: Mapping[str, str]
) -> JsonObject | None:
    """COG-API-DEV-001: with sign-ins, which alone bring a refresh token here."""
    if result.refresh_token is None:
        return None
    context = section(call.input, "UserContextData") or section(call.input, "ContextData")
    device = device_at_sign_in(
        call.services,
        client_id=text(call.input, "ClientId"),
        access_token=result.access_token,
        device_key=given.get("DEVICE_KEY"),
        ip_address=optional_text(context, "IpAddress"),
    )
    if device is None:
        return None
    return {"DeviceKey": device.key, "DeviceGroupKey": device.group_key}


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
