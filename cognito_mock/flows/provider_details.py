"""``ProviderDetails`` by type of provider: what has to be there, what the service adds."""

from collections.abc import Mapping

from cognito_mock.core.errors import InvalidParameterException

# COG-API-MSG-018; Apple's text is not known and is made like the others.
_REQUIRED = {
    "OIDC": (
        ("client_id", "authorize_scopes", "oidc_issuer", "attributes_request_method"),
        "clientId, authorizeScopes, oidcIssuer and attributesRequestMethod",
    ),
    "SignInWithApple": (
        ("client_id", "team_id", "key_id", "private_key", "authorize_scopes"),
        "clientId, teamId, keyId, privateKey and authorizeScopes",
    ),
}
_REQUIRED_OF_SOCIAL = (
    ("client_id", "client_secret", "authorize_scopes"),
    "clientId, clientSecret and authorizeScopes",
)
_METHODS = ("POST", "GET")
# COG-API-RES-004: derived keys, which a caller cannot choose with a social provider.
_DERIVED: Mapping[str, Mapping[str, str]] = {
    "OIDC": {"attributes_url_add_attributes": "false"},
    "Google": {
        "attributes_url": "https://people.googleapis.com/v1/people/me?personFields=",
        "attributes_url_add_attributes": "true",
        "authorize_url": "https://accounts.google.com/o/oauth2/v2/auth",
        "oidc_issuer": "https://accounts.google.com",
        "token_request_method": "POST",
        "token_url": "https://www.googleapis.com/oauth2/v4/token",
    },
    "LoginWithAmazon": {
        "attributes_url": "https://api.amazon.com/user/profile",
        "attributes_url_add_attributes": "false",
        "authorize_url": "https://www.amazon.com/ap/oa",
        "token_request_method": "POST",
        "token_url": "https://api.amazon.com/auth/o2/token",
    },
    "SignInWithApple": {
        "attributes_url_add_attributes": "false",
        "authorize_url": "https://appleid.apple.com/auth/authorize",
        "oidc_issuer": "https://appleid.apple.com",
        "token_request_method": "POST",
        "token_url": "https://appleid.apple.com/auth/token",
    },
}
_FACEBOOK_VERSION = "v17.0"


def check_details(kind: str, details: Mapping[str, str]) -> None:
    """Refuse details that a provider of this type cannot work with (COG-API-MSG-018)."""
    if kind == "SAML":
        if not (details.get("MetadataURL") or details.get("MetadataFile")):
            raise InvalidParameterException(
                "At least one of the MetadataURL or MetadataFile should be provided."
            )
        return
    names, written = _REQUIRED.get(kind, _REQUIRED_OF_SOCIAL)
    if not all(details.get(name) for name in names):
        raise InvalidParameterException(f"{written} are all required idp details.")
    method = details.get("attributes_request_method")
    if kind == "OIDC" and method not in _METHODS:
        raise InvalidParameterException(
            f"1 validation error detected: Value '{method}' at 'attributesRequestMethod' failed to"
            f" satisfy constraint: Member must satisfy enum value set: [{', '.join(_METHODS)}]"
        )


def complete_details(kind: str, details: Mapping[str, str]) -> dict[str, str]:
    """Return the details as Describe shows them."""
    if kind == "Facebook":
        version = details.get("api_version", _FACEBOOK_VERSION)
        return {
            **details,
            "attributes_url": f"https://graph.facebook.com/{version}/me?fields=",
            "attributes_url_add_attributes": "true",
            "authorize_url": f"https://www.facebook.com/{version}/dialog/oauth",
            "token_request_method": "GET",
            "token_url": f"https://graph.facebook.com/{version}/oauth/access_token",
        }
    derived = _DERIVED.get(kind, {})
    return {**derived, **details} if kind == "OIDC" else {**details, **derived}
