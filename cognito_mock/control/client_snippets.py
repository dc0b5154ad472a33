"""Ready-made settings of common libraries for one app client. Text only."""

import json
from dataclasses import dataclass

from cognito_mock.core.clients import AppClient
from cognito_mock.core.pools import UserPool

_NO_CALLBACK = "http://localhost:3000/callback"


@dataclass(frozen=True, slots=True, kw_only=True)
class Snippet:
    """What to paste, and where."""

    title: str
    text: str


def snippets(pool: UserPool, client: AppClient, *, base_url: str, issuer: str) -> list[Snippet]:
    """Return the settings for Amplify, NextAuth, oidc-client-ts and Python."""
    secret = client.secrets[0].value if client.secrets else None
    made = [_next_auth(client, secret, issuer), _python(pool, client, secret, base_url, issuer)]
    if secret is None:  # a secret has no place in a browser
        made = [_amplify(pool, client, base_url), _oidc_client(client, issuer), *made]
    return made


def _amplify(pool: UserPool, client: AppClient, base_url: str) -> Snippet:
    return Snippet(
        title="Amplify",
        text=f"""import {{ Amplify }} from "aws-amplify";

Amplify.configure({{
  Auth: {{
    Cognito: {{
      userPoolId: {_quoted(pool.id)},
      userPoolClientId: {_quoted(client.id)},
      userPoolEndpoint: {_quoted(base_url)},
    }},
  }},
}});""",
    )


def _oidc_client(client: AppClient, issuer: str) -> Snippet:
    return Snippet(
        title="oidc-client-ts",
        text=f"""import {{ UserManager }} from "oidc-client-ts";

export const userManager = new UserManager({{
  authority: {_quoted(issuer)},
  client_id: {_quoted(client.id)},
  redirect_uri: {_quoted(_callback(client))},
  response_type: "code",
  scope: {_quoted(" ".join(client.oauth_scopes))},
}});""",
    )


def _next_auth(client: AppClient, secret: str | None, issuer: str) -> Snippet:
    proof = (
        f"clientSecret: {_quoted(secret)},"
        if secret is not None
        else """clientSecret: "",
      client: { token_endpoint_auth_method: "none" },"""
    )
    return Snippet(
        title="NextAuth.js",
        text=f"""import NextAuth from "next-auth";
import CognitoProvider from "next-auth/providers/cognito";

export default NextAuth({{
  providers: [
    CognitoProvider({{
      clientId: {_quoted(client.id)},
      {proof}
      issuer: {_quoted(issuer)},
      checks: ["pkce", "state", "nonce"],
    }}),
  ],
}});""",
    )


def _python(
    pool: UserPool, client: AppClient, secret: str | None, base_url: str, issuer: str
) -> Snippet:
    note = "" if secret is None else f"\nCLIENT_SECRET = {_quoted(secret)}"
    return Snippet(
        title="Python",
        text=f"""import boto3
from cognito_verify import CognitoVerifier
{note}
idp = boto3.client("cognito-idp", region_name={_quoted(pool.region)}, endpoint_url={_quoted(base_url)})
verifier = CognitoVerifier(
    user_pool_id={_quoted(pool.id)},
    client_id={_quoted(client.id)},
    token_use="access",
    issuer={_quoted(issuer)},
)""",  # noqa: E501  (the line is the reader's, not ours)
    )


def _callback(client: AppClient) -> str:
    return client.callback_urls[0] if client.callback_urls else _NO_CALLBACK


def _quoted(text: str) -> str:
    """Return a string literal that JavaScript and Python read alike."""
    return json.dumps(text)
