"""Pools from a file: read, created through the flows, and written back."""

import json
import subprocess
import sys

import boto3
import jsonschema
import jwt
import pytest
import yaml

from cognito_mock import MockCognito
from cognito_mock.blueprint import BlueprintError, read_blueprint
from cognito_mock.blueprint.schema import schema
from cognito_mock.core.users import UserStatus
from cognito_mock.flows.sign_in import initiate_auth
from cognito_mock.flows.users import admin_get_user
from cognito_mock.testing import Client, User

GOOD = """\
pools:
  - id: eu-west-1_Shop
    name: shop
    domain: shop
    custom_domain: login.shop.example
    settings:
      AutoVerifiedAttributes: [email]
      Schema:
        - {Name: tier, AttributeDataType: String, Mutable: true}
    resource_servers:
      - identifier: orders
        scopes: {read: Read orders}
    clients:
      - id: shopwebclient0000000000001
        name: web
        secret: shopwebsecret00000000000000000000000000000000000001
        settings:
          ExplicitAuthFlows: [ALLOW_USER_PASSWORD_AUTH]
          AllowedOAuthFlowsUserPoolClient: true
          AllowedOAuthFlows: [code]
          AllowedOAuthScopes: [openid, orders/read]
          CallbackURLs: [http://localhost:3000/callback]
          SupportedIdentityProviders: [COGNITO]
    groups:
      - {name: admins, precedence: 1, description: Those who may}
    users:
      - username: ada
        sub: 11111111-2222-3333-4444-555555555555
        password: Lovelace-1815
        attributes: {email: ada@example.com, "custom:tier": gold, phone_number: "+15550100"}
        groups: [admins]
      - username: grace
        temporary_password: Hopper-1906
        attributes: {email: grace@example.com}
      - {username: alan, password: Turing-1912, enabled: false}
"""
ADA = User(
    username="ada",
    sub="11111111-2222-3333-4444-555555555555",
    email="ada@example.com",
    password="Lovelace-1815",
)
WEB = Client(
    id="shopwebclient0000000000001", secret="shopwebsecret00000000000000000000000000000000000001"
)


@pytest.fixture
def write(tmp_path):
    """Write a file; return its path."""

    def text(content, name="pools.yaml"):
        path = tmp_path / name
        path.write_text(content, encoding="utf-8")
        return path

    return text


@pytest.fixture
def shop(write):
    """A mock with the good file's pool, without a socket."""
    with MockCognito(config=write(GOOD), socket=False, issuer="aws") as mock:
        yield mock


def test_pinned_ids_secrets_and_subjects_are_used(shop):
    """The user signs in with the password, through the client, and is in the group."""
    pool = shop.pool("eu-west-1_Shop")

    tokens = pool.sign_in(ADA, client=WEB, scopes=["openid", "orders/read"])

    claims = jwt.decode(tokens.access_token, options={"verify_signature": False})
    assert claims["sub"] == ADA.sub
    assert claims["client_id"] == WEB.id
    assert claims["cognito:groups"] == ["admins"]
    assert claims["scope"] == "openid orders/read"
    assert pool.domain_url == "https://login.shop.example"
    assert admin_get_user(shop.services, pool_id=pool.id, username="ada").attributes == {
        "email": "ada@example.com",
        "custom:tier": "gold",
        "phone_number": "+15550100",
    }


def test_states_of_users(shop):
    """A temporary password must be changed; a disabled user exists."""
    get = {"services": shop.services, "pool_id": "eu-west-1_Shop"}

    assert admin_get_user(**get, username="grace").status is UserStatus.FORCE_CHANGE_PASSWORD
    assert admin_get_user(**get, username="alan").enabled is False
    assert admin_get_user(**get, username="alan").status is UserStatus.CONFIRMED


def test_reset_brings_the_file_back(shop):
    """Not the starter pool; the start page knows the passwords of the file."""
    shop.pool("eu-west-1_Shop").create_user("new")
    before = shop.control("GET", "/_mock/api/snapshot")["tables"]
    shop.reset()
    after = shop.control("GET", "/_mock/api/snapshot")["tables"]

    assert [user["username"] for user in before["user"]] == ["ada", "alan", "grace", "new"]
    assert [user["username"] for user in after["user"]] == ["ada", "alan", "grace"]
    assert [pool["id"] for pool in after["user_pool"]] == ["eu-west-1_Shop"]


BAD = {
    "not YAML": ("pools: [", ":1:9: not YAML:"),
    "a tab": ("pools:\n\t- name: x", ":2:1: not YAML:"),
    "a control character": ("pools: \x00", ":1:1: not YAML:"),
    "empty": ("", ":1:1: the file: expected a mapping, not nothing"),
    "a list": ("- name: x", ":1:1: the file: expected a mapping, not a list"),
    "no pools": ("version: 1", ":1:1: the file: expected 'pools'"),
    "another version": ("version: 2\npools: []", ":1:10: version: expected 1, not 2"),
    "a typo": ("pools:\n  - name: x\n    client: []", ":3:13: pools[0]: 'client' is not one of"),
    "no name": ("pools:\n  - id: us-east-1_X", ":2:5: pools[0]: expected 'name'"),
    "a bad id": ("pools:\n  - {id: nowhere, name: x}", ":2:10: pools[0].id: expected a text of"),
    "a number": (
        "pools:\n  - name: x\n    users:\n      - username: u\n        attributes: {zip: 123}",
        ':5:27: pools[0].users[0].attributes.zip: expected a text, not 123; put it in quotes: "',
    ),
    "a text for a number": (
        "pools:\n  - name: x\n    groups: [{name: a, precedence: first}]",
        ":3:36: pools[0].groups[0].precedence: expected a whole number, not a text",
    ),
    "twice": ("pools:\n  - name: x\n    name: y", ":3:5: 'name' is here twice"),
    "a member for a list": (
        "pools:\n  - name: x\n    clients: {id: a}",
        ":3:14: pools[0].clients: expected a list, not a mapping",
    ),
    "a bad status": (
        "pools: [{name: x, users: [{username: u, status: HAPPY}]}]",
        ":1:49: pools[0].users[0].status: expected UNCONFIRMED or CONFIRMED or",
    ),
    "a setting that no request has": (
        "pools: [{name: x, settings: {AutoVerifiedAttribute: [email]}}]",
        (
            ":1:53: AutoVerifiedAttribute: CreateUserPool has no such member; did you mean"
            " AutoVerifiedAttributes?"
        ),
    ),
    "a setting of another type": (
        "pools: [{name: x, settings: {AutoVerifiedAttributes: email}}]",
        ":1:54: AutoVerifiedAttributes: expected a list, not a text",
    ),
    "a setting that is no choice": (
        "pools: [{name: x, clients: [{name: y, settings: {ExplicitAuthFlows: [ALLOW_ALL]}}]}]",
        ":1:70: ExplicitAuthFlows[0]: expected one of AWS's",
    ),
    "a number in a setting": (
        "pools: [{name: x, settings: {UserPoolTags: {cost: 12}}}]",
        ':1:51: cost: expected a text, not a number; put it in quotes: "..."',
    ),
    "an unknown member of a setting": (
        "pools: [{name: x, settings: {Policies: {PasswordPolicies: {}}}}]",
        ":1:59: PasswordPolicies: Policies has no such member; did you mean PasswordPolicy?",
    ),
    "a setting without what it needs": (
        "pools: [{name: x, settings: {UsernameConfiguration: {}}}]",
        ":1:53: UsernameConfiguration: expected 'CaseSensitive'",
    ),
    "a factor that no request has": (
        "pools: [{name: x, mfa: {TotpConfiguration: {}}}]",
        ":1:44: TotpConfiguration: SetUserPoolMfaConfig has no such member",
    ),
    "loop": ("pools: &a [*a]", "nested too deeply"),
    "bomb": (
        "a: &a [x,x,x,x,x,x,x,x,x]\n"
        + "".join(
            f"{c}: &{c} [{','.join(['*' + p] * 9)}]\n"
            for p, c in zip("abcdef", "bcdefg", strict=True)
        )
        + "pools: *g",
        "too large",
    ),
}


@pytest.mark.parametrize(("text", "message"), BAD.values(), ids=BAD)
def test_what_is_no_blueprint_is_refused_with_its_place(write, text, message):
    """File, line, column, what was expected: one line."""
    path = write(text)

    with pytest.raises(BlueprintError) as refusal:
        read_blueprint(path)

    assert str(refusal.value).startswith(str(path))
    assert message in str(refusal.value)
    assert "\n" not in str(refusal.value)


REFUSED = {
    "an unknown group": (GOOD.replace("groups: [admins]", "groups: [nobody]"), ":31:18:"),
    "a weak password": (GOOD.replace("Lovelace-1815", "short"), ":29:19:"),
    "an unknown attribute": (GOOD.replace('"custom:tier": gold', '"custom:x": y'), ":27:9:"),
    "an unknown scope": (GOOD.replace("orders/read]", "orders/write]"), ":14:9:"),
    "a pool twice": (GOOD + GOOD.partition("\n")[2], ":36:5:"),
    "two passwords": (
        GOOD.replace("temporary_password", "password: A-b-c-1\n        temporary_password"),
        ":34:29:",
    ),
}


@pytest.mark.parametrize(("text", "place"), REFUSED.values(), ids=REFUSED)
def test_what_the_service_would_refuse_is_refused_with_its_place(write, text, place):
    """In the service's words; and nothing is half created."""
    path = write(text)
    with MockCognito(socket=False) as empty:
        from cognito_mock.blueprint import create_pools  # noqa: PLC0415

        with pytest.raises(BlueprintError, match=f"pools.yaml{place} "):
            create_pools(empty.services, read_blueprint(path))

        tables = empty.control("GET", "/_mock/api/snapshot")["tables"]
    assert not any(tables.values())


def test_passwords_are_not_repeated_in_errors(write):
    """A file's secrets stay in the file."""
    text = GOOD.replace("password: Lovelace-1815", "password: [Lovelace-1815]")

    with pytest.raises(BlueprintError) as refusal:
        read_blueprint(write(text))

    assert "Lovelace" not in str(refusal.value)


def test_the_schema_is_one_and_agrees_with_the_reader(write):
    """What editors accept, and what the mock does: the same by another validator."""
    jsonschema.Draft202012Validator.check_schema(schema())
    validator = jsonschema.Draft202012Validator(schema())

    validator.validate(yaml.safe_load(GOOD))
    for text in ("version: 2\npools: []", "pools: [{id: nowhere, name: x}]", "pools: [{}]"):
        assert not validator.is_valid(yaml.safe_load(text))
        with pytest.raises(BlueprintError):
            read_blueprint(write(text))


def run(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "cognito_mock", *arguments],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def test_serve_refuses_a_bad_file_with_one_line(write):
    """Exit code 2, before anything listens."""
    path = write(GOOD.replace("groups: [admins]", "groups: [nobody]"))

    done = run("serve", "--port", "0", "--config", str(path))

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines() == [f"cognito-mock: {path}:31:18: Group not found."]


FURTHER = """\
    managed_login_version: 2
    mfa:
      MfaConfiguration: OPTIONAL
      SoftwareTokenMfaConfiguration: {Enabled: true}
      WebAuthnConfiguration: {RelyingPartyId: shop.example}
    identity_providers:
      - name: Partner
        type: OIDC
        details:
          client_id: us
          client_secret: secret
          oidc_issuer: https://partner.example
          authorize_scopes: openid
          attributes_request_method: GET
        attribute_mapping: {email: email}
        identifiers: [partner.example]
    ui_customizations:
      - css: ".submitButton-customizable {color: #123456;}"
      - client: shopwebclient0000000000001
        css: ".submitButton-customizable {color: #654321;}"
"""


def test_what_is_exported_is_described_alike(write, tmp_path):
    """Second factors, identity providers, looks and domains, by the API's own words."""
    with MockCognito(config=write(GOOD + FURTHER)) as mock:
        before = described(mock.url)
        copy = tmp_path / "copy.yaml"
        assert run("export", "--url", mock.url, "--output", str(copy)).returncode == 0
    with MockCognito(config=copy) as again:
        after = described(again.url)

    assert before["Partner"]["IdpIdentifiers"] == ["partner.example"]
    assert before["mfa"]["SoftwareTokenMfaConfiguration"] == {"Enabled": True}
    assert before["domain"]["ManagedLoginVersion"] == 2
    assert "654321" in before["look"]["CSS"]
    assert after == before


def described(url):
    """What the API says of the good file's pool, without dates and places of its mock."""
    idp = boto3.client(
        "cognito-idp",
        endpoint_url=url,
        region_name="eu-west-1",
        aws_access_key_id="x",
        aws_secret_access_key="x",
    )
    pool = {"UserPoolId": "eu-west-1_Shop"}
    client = {**pool, "ClientId": WEB.id}
    found = {
        "pool": idp.describe_user_pool(**pool)["UserPool"],
        "client": idp.describe_user_pool_client(**client)["UserPoolClient"],
        "Partner": idp.describe_identity_provider(**pool, ProviderName="Partner")[
            "IdentityProvider"
        ],
        "server": idp.describe_resource_server(**pool, Identifier="orders")["ResourceServer"],
        "domain": idp.describe_user_pool_domain(Domain="shop")["DomainDescription"],
        "mfa": idp.get_user_pool_mfa_config(**pool),
        "look": idp.get_ui_customization(**client)["UICustomization"],
        "groups": idp.list_groups(**pool)["Groups"],
    }
    found["mfa"].pop("ResponseMetadata")
    for document in (*found.values(), *found["groups"]):
        if isinstance(document, dict):
            for name in ("CreationDate", "LastModifiedDate", "CSSVersion"):
                document.pop(name, None)
    return found


@pytest.mark.parametrize("start", ["file", "starter"])
def test_what_is_exported_makes_the_same_again(write, tmp_path, start):
    """Ids, secrets, subjects, settings, memberships and passwords; keys are new."""
    options = {"config": write(GOOD)} if start == "file" else {"starter_pool": True}
    with MockCognito(port=0, **options) as mock:
        copy = tmp_path / "copy.yaml"
        done = run("export", "--url", mock.url, "--output", str(copy))
        assert (done.returncode, done.stderr) == (0, "")
        before = mock.control("GET", "/_mock/api/snapshot")["tables"]

    with MockCognito(socket=False, config=copy) as again:
        after = again.control("GET", "/_mock/api/snapshot")["tables"]
        if start == "file":
            sign_in = initiate_auth(
                again.services,
                client_id=WEB.id,
                auth_flow="USER_PASSWORD_AUTH",
                parameters={
                    "USERNAME": "ada",
                    "PASSWORD": ADA.password,
                    "SECRET_HASH": secret_hash("ada"),
                },
            )
            assert sign_in.access_token

    def comparable(tables):
        text = json.dumps({n: r for n, r in tables.items() if n != "pool_keys"}, sort_keys=True)
        document = json.loads(text)
        for rows in document.values():
            for row in rows:
                for name in ("created_at", "modified_at"):
                    row.pop(name, None)
                for secret in row.get("secrets", ()):
                    secret.pop("created_at")
                    secret.pop("id")
        for user in document["user"]:
            if user["status"] == "FORCE_CHANGE_PASSWORD":
                user.pop("password")  # temporary ones are not exported
        return document

    assert comparable(after) == comparable(before)


def secret_hash(username):
    from cognito_mock.core.secret_hash import secret_hash as compute  # noqa: PLC0415

    return compute(WEB.secret, username, WEB.id)


def test_export_without_a_mock_says_so():
    """One line, exit code 2."""
    done = run("export", "--url", "http://127.0.0.1:9")

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "cognito-mock: no cognito-mock answers at http://127.0.0.1:9\n"
