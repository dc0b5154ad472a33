"""From a CreateUserPoolClient or UpdateUserPoolClient request to the settings Describe echoes.

Pure: defaults of COG-API-JSON-005, rules of spec sections 7.2 and 7.8.
"""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from urllib.parse import urlsplit

from cognito_mock.core.errors import (
    CognitoError,
    InvalidOAuthFlowException,
    InvalidParameterException,
    ScopeDoesNotExistException,
)
from cognito_mock.core.json_types import JsonObject, JsonValue
from cognito_mock.core.pools import UserPool
from cognito_mock.core.resource_servers import RESERVED_SCOPES
from cognito_mock.flows.members import flag, optional_integer, optional_text, section, strings

# Members that are echoed as given and absent until then (COG-API-JSON-006).
_ECHOED = (
    "AccessTokenValidity",
    "IdTokenValidity",
    "ReadAttributes",
    "WriteAttributes",
    "ExplicitAuthFlows",
    "SupportedIdentityProviders",
    "CallbackURLs",
    "LogoutURLs",
    "DefaultRedirectURI",
    "AllowedOAuthFlows",
    "AllowedOAuthScopes",
    "AnalyticsConfiguration",
    "PreventUserExistenceErrors",
)
_SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}
_REFRESH_DAYS = 30
# COG-API-CLI-004
_SHORT_RANGE = range(300, 86400 + 1)
_REFRESH_RANGE = range(3600, 3650 * 86400 + 1)
_LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
_NEVER_WRITABLE = frozenset({"sub", "email_verified", "phone_number_verified"})


def client_settings(
    request: JsonObject,
    *,
    pool: UserPool,
    has_secret: bool,
    custom_scopes: AbstractSet[str],
    providers: AbstractSet[str],
    activity: str = "creating",
) -> dict[str, JsonValue]:
    """Return the settings; raise the first rule that is broken. ``activity`` is for messages."""
    for error in _broken_rules(
        request,
        pool=pool,
        has_secret=has_secret,
        custom_scopes=custom_scopes,
        providers=providers,
        activity=activity,
    ):
        raise error
    settings: dict[str, JsonValue] = {
        "RefreshTokenValidity": optional_integer(request, "RefreshTokenValidity") or _REFRESH_DAYS,
        "TokenValidityUnits": section(request, "TokenValidityUnits"),
        "AllowedOAuthFlowsUserPoolClient": flag(request, "AllowedOAuthFlowsUserPoolClient"),
        "EnableTokenRevocation": request.get("EnableTokenRevocation") is not False,
        "EnablePropagateAdditionalUserContextData": flag(
            request, "EnablePropagateAdditionalUserContextData"
        ),
        "AuthSessionValidity": optional_integer(request, "AuthSessionValidity") or 3,
    }
    rotation = section(request, "RefreshTokenRotation")
    if rotation:
        # COG-API-CLI-009
        settings["RefreshTokenRotation"] = {"RetryGracePeriodSeconds": 0, **rotation}
    settings.update(
        {name: request[name] for name in _ECHOED if request.get(name) not in (None, [])}
    )
    return settings


def _broken_rules(
    request: JsonObject,
    *,
    pool: UserPool,
    has_secret: bool,
    custom_scopes: AbstractSet[str],
    providers: AbstractSet[str],
    activity: str,
) -> Iterator[CognitoError]:
    yield from _broken_flow_rules(request)
    yield from _broken_validity_rules(request)
    if flag(request, "EnablePropagateAdditionalUserContextData") and not has_secret:
        # COG-API-MSG-014
        yield InvalidParameterException(
            "Client Secret is required to set EnablePropagateAdditionalUserContextData as true"
        )
    yield from _broken_oauth_rules(request, has_secret=has_secret)
    yield from _broken_scope_rules(request, custom_scopes)
    yield from _broken_url_rules(request)
    for provider in strings(request, "SupportedIdentityProviders"):
        if provider != "COGNITO" and provider not in providers:
            # COG-API-CLI-006, COG-API-MSG-016
            yield InvalidParameterException(
                f"The provider {provider} does not exist for User Pool {pool.id}."
            )
    yield from _broken_attribute_rules(request, pool, activity)
    yield from _broken_analytics_rules(section(request, "AnalyticsConfiguration"))


def _broken_flow_rules(request: JsonObject) -> Iterator[CognitoError]:
    flows = strings(request, "ExplicitAuthFlows")
    modern = [flow for flow in flows if flow.startswith("ALLOW_")]
    if modern and len(modern) < len(flows):
        # COG-API-MSG-014
        yield InvalidParameterException(
            "Auth flow name with prefix 'ALLOW' cannot be used with legacy auth flow names."
        )
    rotates = section(request, "RefreshTokenRotation").get("Feature") == "ENABLED"
    if rotates and "ALLOW_REFRESH_TOKEN_AUTH" in flows:
        # COG-API-CLI-003; the service's wording is not known.
        yield InvalidParameterException(
            "ALLOW_REFRESH_TOKEN_AUTH cannot be used when refresh token rotation is enabled."
        )


def _broken_validity_rules(request: JsonObject) -> Iterator[CognitoError]:
    """COG-API-CLI-004, COG-API-MSG-013."""
    access = _seconds(request, "AccessToken", default=1, unit="hours")
    identity = _seconds(request, "IdToken", default=1, unit="hours")
    refresh = _seconds(request, "RefreshToken", default=_REFRESH_DAYS, unit="days")
    if access not in _SHORT_RANGE or identity not in _SHORT_RANGE or refresh not in _REFRESH_RANGE:
        yield InvalidParameterException("Invalid range for token validity.")
    if max(access, identity) > refresh:
        yield InvalidParameterException(
            "Access and Id Token expiration times must be less than or equal to"
            " refresh token expiration times."
        )


def _seconds(request: JsonObject, token: str, *, default: int, unit: str) -> int:
    value = optional_integer(request, f"{token}Validity") or default
    named = optional_text(section(request, "TokenValidityUnits"), token) or unit
    return value * _SECONDS[named]


def _broken_oauth_rules(request: JsonObject, *, has_secret: bool) -> Iterator[CognitoError]:
    """COG-API-CLI-005, COG-API-MSG-015."""
    flows = set(strings(request, "AllowedOAuthFlows"))
    scopes = strings(request, "AllowedOAuthScopes")
    if flag(request, "AllowedOAuthFlowsUserPoolClient") and not (flows and scopes):
        yield InvalidOAuthFlowException(
            "AllowedOAuthFlows and AllowedOAuthScopes are required"
            " if user pool client is allowed to use OAuth flows."
        )
    if "client_credentials" in flows:
        if len(flows) > 1:
            yield InvalidOAuthFlowException(
                "client_credentials flow can not be selected along with code flow or implicit flow."
            )
        if not has_secret:
            yield InvalidOAuthFlowException(
                "client_credentials flow can not be selected"
                " if client does not have a client secret."
            )
        if RESERVED_SCOPES & set(scopes):
            # The service's wording is not known.
            yield InvalidOAuthFlowException(
                "client_credentials flow can only be selected with custom scopes."
            )
    elif flows and not strings(request, "CallbackURLs"):
        yield InvalidParameterException(
            "CallbackUrls can not be empty when code flow or implicit flow is selected"
        )


def _broken_scope_rules(
    request: JsonObject, custom_scopes: AbstractSet[str]
) -> Iterator[CognitoError]:
    for scope in strings(request, "AllowedOAuthScopes"):
        if scope not in RESERVED_SCOPES and scope not in custom_scopes:
            # COG-API-CLI-005, COG-SCO-017
            yield ScopeDoesNotExistException(f"Invalid scope requested: {scope}")


def _broken_url_rules(request: JsonObject) -> Iterator[CognitoError]:
    """COG-API-CLI-006, COG-API-MSG-015."""
    callbacks = strings(request, "CallbackURLs")
    default = optional_text(request, "DefaultRedirectURI")
    if default is not None and default not in callbacks:
        yield InvalidParameterException(
            f"The default redirect URI {default} is not in the callback URIs list."
        )
    for url in (*callbacks, *strings(request, "LogoutURLs")):
        if "#" in url:
            yield InvalidParameterException(f"{url} cannot use fragment")
        try:
            parts = urlsplit(url)
            host = parts.hostname
        except ValueError:
            yield InvalidParameterException(f"{url} is not a valid URL")
            continue
        if not parts.scheme:
            yield InvalidParameterException(f"{url} is not a valid URL")
        if parts.scheme == "http" and host not in _LOCAL_HOSTS:
            yield InvalidParameterException(f"{url} cannot use the HTTP protocol.")


def _broken_attribute_rules(
    request: JsonObject, pool: UserPool, activity: str
) -> Iterator[CognitoError]:
    """COG-API-ATTR-007, COG-API-MSG-016."""
    known = {attribute.get("Name") for attribute in pool.schema_attributes}
    readable = strings(request, "ReadAttributes")
    if not set(readable) <= known:
        yield InvalidParameterException(
            f"Invalid read attributes specified while {activity} a client"
        )
    writable = set(strings(request, "WriteAttributes"))
    required = {
        attribute.get("Name")
        for attribute in pool.schema_attributes
        if flag(attribute, "Required") and attribute.get("Name") != "sub"
    }
    if writable and (
        not writable <= known or writable & _NEVER_WRITABLE or not required <= writable
    ):
        yield InvalidParameterException(
            f"Invalid write attributes specified while {activity} a client"
        )


def _broken_analytics_rules(analytics: JsonObject) -> Iterator[CognitoError]:
    by_id = ("ApplicationId", "RoleArn", "ExternalId")
    named = [name for name in by_id if name in analytics]
    if analytics and ("ApplicationArn" in analytics) == bool(named):
        complete = False
    else:
        complete = not named or len(named) == len(by_id)
    if analytics and not complete:
        # COG-API-MSG-016
        yield InvalidParameterException(
            "Invalid analytics configuration given, either <application arn> or"
            " <application id, role arn, external id> are valid"
        )
