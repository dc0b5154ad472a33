"""Files that were written for AWS: each is served, and its users sign in with boto3 over HTTP."""

import json
import re
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import boto3
import httpx
import jwt
import pytest

from cognito_mock import MockCognito
from cognito_mock.core.secret_hash import secret_hash

IMPORTS = Path(__file__).with_name("imports")
SAM = IMPORTS / "sam.yaml"
# Synthesised by aws-cdk-lib, as `cdk synth` does it: with metadata, conditions and rules.
CDK = IMPORTS / "cdk.template.json"
DESCRIBED = IMPORTS / "describe"
PASSWORD = "Lovelace-1815"


@contextmanager
def serving(*arguments):
    """Run the command; yield its address and boto3's client for it, then what it wrote."""
    command = [sys.executable, "-m", "cognito_mock", "serve", "--port", "0", *map(str, arguments)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        line = process.stdout.readline()
        assert line.startswith("cognito-mock ready at "), process.stderr.read()
        url = line.removeprefix("cognito-mock ready at ").strip()
        written = []
        try:
            yield url, client_of(url), written
        finally:
            process.terminate()
            written += process.communicate(timeout=10)[1].splitlines()


def client_of(url):
    return boto3.client(
        "cognito-idp",
        endpoint_url=url,
        region_name="us-east-1",
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
    )


def sign_up(url, idp, client, name, **attributes):
    """Sign up, confirm with the code from the inbox, sign in; return the access token's claims."""
    proof = {}
    if "ClientSecret" in client:
        proof = {"SecretHash": secret_hash(client["ClientSecret"], name, client["ClientId"])}
    given = [{"Name": n.replace("__", ":"), "Value": v} for n, v in attributes.items()]
    app = {"ClientId": client["ClientId"], **proof}
    idp.sign_up(**app, Username=name, Password=PASSWORD, UserAttributes=given)
    messages = httpx.get(f"{url}/_mock/api/messages", params={"recipient": name}).json()
    code = messages["messages"][-1]["code"]
    idp.confirm_sign_up(**app, Username=name, ConfirmationCode=code)
    parameters = {"USERNAME": name, "PASSWORD": PASSWORD}
    if proof:
        parameters["SECRET_HASH"] = proof["SecretHash"]
    answer = idp.initiate_auth(
        ClientId=client["ClientId"], AuthFlow="USER_PASSWORD_AUTH", AuthParameters=parameters
    )
    token = answer["AuthenticationResult"]["AccessToken"]
    return verified(url, client["UserPoolId"], token)


def verified(url, pool_id, token):
    keys = jwt.PyJWKClient(f"{url}/{pool_id}/.well-known/jwks.json")
    issuer = f"{url}/{pool_id}"
    return jwt.decode(token, keys.get_signing_key_from_jwt(token), ["RS256"], issuer=issuer)


def everything(idp):
    """The pool, and its clients by name."""
    pool_id = idp.list_user_pools(MaxResults=5)["UserPools"][0]["Id"]
    pool = idp.describe_user_pool(UserPoolId=pool_id)["UserPool"]
    listed = idp.list_user_pool_clients(UserPoolId=pool_id)["UserPoolClients"]
    clients = [
        idp.describe_user_pool_client(UserPoolId=pool_id, ClientId=c["ClientId"])["UserPoolClient"]
        for c in listed
    ]
    return pool, {client["ClientName"]: client for client in clients}


def left_out(lines, file):
    """What the list on stderr says of a file, by line number."""
    place = re.compile(rf"cognito-mock: {re.escape(str(file))}:(\d+):\d+: (.*)")
    return [(int(m[1]), m[2]) for line in lines if (m := place.fullmatch(line))]


def test_a_sam_template():
    """Parameters, mappings and conditions are worked out; what is not is listed with its place."""
    with serving("--config", SAM) as (url, idp, written):
        pool, clients = everything(idp)
        claims = sign_up(url, idp, clients["web"], "grace@example.com", email="grace@example.com")
        groups = idp.admin_list_groups_for_user(UserPoolId=pool["Id"], Username="ada@example.com")
        invitation = httpx.get(f"{url}/_mock/api/messages").json()["messages"][0]
        invited = idp.initiate_auth(
            ClientId=clients["web"]["ClientId"],
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": "ada@example.com", "PASSWORD": invitation["code"]},
        )
        machine = httpx.post(
            f"{url}/oauth2/token",
            data={"grant_type": "client_credentials", "scope": "orders/read"},
            auth=(clients["MachineClient"]["ClientId"], clients["MachineClient"]["ClientSecret"]),
        ).json()
        look = idp.get_ui_customization(UserPoolId=pool["Id"])["UICustomization"]

    assert claims["client_id"] == clients["web"]["ClientId"]
    assert claims["exp"] - claims["iat"] == 8 * 3600  # FindInMap
    assert invited["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
    assert invitation["recipient"] == "ada@example.com"
    assert [group["GroupName"] for group in groups["Groups"]] == ["admins"]
    assert machine["token_type"] == "Bearer"
    assert (pool["Name"], pool["Domain"]) == ("shop-dev", "shop-dev-imported")  # Sub, Join, Select
    assert pool["Policies"]["PasswordPolicy"]["MinimumLength"] == 10  # written as a text
    assert (pool["MfaConfiguration"], pool["DeletionProtection"]) == ("OFF", "INACTIVE")  # If
    assert pool["LambdaConfig"] == {}
    assert set(clients) == {"web", "MachineClient"}  # the third is for production only
    assert clients["web"]["CallbackURLs"] == [
        "http://localhost:3000/callback",
        "http://localhost:3000/other",
    ]
    assert clients["web"]["AllowedOAuthScopes"] == ["openid", "orders/read"]
    assert "264653" in look["CSS"]
    assert left_out(written, SAM) == [
        (54, "left out ShopUsers.LambdaConfig.PreSignUp: Lambda triggers are not run"),
        (55, "left out ShopUsers.LambdaConfig.PostConfirmation: Lambda triggers are not run"),
        (57, "left out ShopUsers.EmailConfiguration: without SourceArn there is no SES identity"),
        (
            58,
            (
                "left out ShopUsers.EmailConfiguration.SourceArn: parameter MailIdentity is in"
                " Systems Manager; give --parameter MailIdentity="
            ),
        ),
        (78, "left out Google: what is left of its details is not enough"),
        (
            85,
            (
                "left out Google.ProviderDetails.client_secret: parameter GoogleSecret has no"
                " value; give --parameter GoogleSecret="
            ),
        ),
        (
            102,
            (
                "left out WebClient.SupportedIdentityProviders: Google: the provider is not in the"
                " template"
            ),
        ),
        (152, "left out Identities: AWS::Cognito::IdentityPool is not imported"),
        (165, "left out Greeter.Events.SignUp: Lambda triggers are not run"),
    ]


def test_a_template_with_its_parameters():
    """The same, for production and in another region: conditions turn round, secrets are given."""
    given = ["AWS::Region=eu-west-1", "GoogleSecret=s3cret", "MailIdentity=shop.example"]
    with MockCognito(
        config=SAM, parameters=dict(pair.split("=") for pair in [*given, "Stage=dev"])
    ) as mock:
        pool, clients = everything(client_of(mock.url))
        google = client_of(mock.url).describe_identity_provider(
            UserPoolId=pool["Id"], ProviderName="Google"
        )["IdentityProvider"]

    assert pool["Id"].startswith("eu-west-1_")
    assert pool["EmailConfiguration"]["SourceArn"] == (
        "arn:aws:ses:eu-west-1:123456789012:identity/shop.example"
    )
    assert clients["web"]["SupportedIdentityProviders"] == ["COGNITO", "Google"]
    assert google["ProviderDetails"]["client_secret"] == "s3cret"


def test_a_template_that_the_cdk_synthesised():
    """Logical ids with hashes, and much that is not Cognito's; the pool's second factors, too."""
    with serving("--config", CDK, "--parameter", "Stage=test") as (url, idp, written):
        pool, clients = everything(idp)
        (client,) = clients.values()
        name = "grace@example.com"
        claims = sign_up(url, idp, client, name, email=name, custom__tier="gold")
        factors = idp.get_user_pool_mfa_config(UserPoolId=pool["Id"])
        groups = idp.list_groups(UserPoolId=pool["Id"])["Groups"]

    assert claims["exp"] - claims["iat"] == 30 * 60
    assert (pool["Name"], pool["Domain"]) == ("shop-test", "shop-cdk")
    assert pool["AccountRecoverySetting"]["RecoveryMechanisms"][0]["Name"] == "verified_email"
    assert pool["Policies"]["PasswordPolicy"]["TemporaryPasswordValidityDays"] == 2
    assert factors["MfaConfiguration"] == "OPTIONAL"
    assert factors["SoftwareTokenMfaConfiguration"] == {"Enabled": True}
    assert factors["SmsMfaConfiguration"]["SmsConfiguration"]["SnsCallerArn"].startswith(
        "arn:aws:iam::123456789012:role/"
    )
    assert [group["GroupName"] for group in groups] == ["admins"]
    assert [text for _, text in left_out(written, CDK)] == [
        "left out Users0A0EEA89.LambdaConfig.PreSignUp: Lambda triggers are not run"
    ]


def test_ids_and_secrets_of_a_template_are_the_same_at_each_start():
    """They can be written down where an application is configured."""
    with MockCognito(config=CDK, socket=False) as first:
        before = first.control("GET", "/_mock/api/snapshot")["tables"]
    with MockCognito(config=CDK, socket=False) as second:
        after = second.control("GET", "/_mock/api/snapshot")["tables"]

    for table in ("user_pool", "app_client"):
        assert [row["id"] for row in before[table]] == [row["id"] for row in after[table]]
    (was,), (is_now,) = (tables["app_client"][0]["secrets"] for tables in (before, after))
    assert was["value"] == is_now["value"]


@pytest.mark.parametrize(
    "files",
    [[DESCRIBED], [DESCRIBED / "web-client.json", DESCRIBED / "pool.json"]],
    ids=["a folder", "file by file"],
)
def test_a_dump_of_describe_calls(files):
    """Ids and secrets are AWS's own; settings are, as far as they mean something here."""
    arguments = [argument for file in files for argument in ("--config", file)]
    with serving(*arguments) as (url, idp, written):
        pool, clients = everything(idp)
        name = "grace@example.com"
        claims = sign_up(url, idp, clients["web"], name, email=name, custom__tenant="t1")

    assert pool["Id"] == "eu-central-1_Kx3vTq9Za"
    assert (pool["Name"], pool["Domain"]) == ("orders", "orders-eu")
    assert clients["web"]["ClientId"] == "5k3qv0m9u2d7p1s8r6t4w0x2y4"
    assert claims["exp"] - claims["iat"] == 30 * 60
    schema = {a["Name"]: a for a in pool["SchemaAttributes"]}
    assert schema["email"]["Required"] is True
    assert schema["custom:tenant"]["StringAttributeConstraints"]["MaxLength"] == "36"
    assert "https://orders.example/read" in clients["web"]["AllowedOAuthScopes"]
    assert left_out(written, DESCRIBED / "pool.json") == [
        (
            22,
            (
                "left out eu-central-1_Kx3vTq9Za.LambdaConfig.PreTokenGeneration: Lambda triggers"
                " are not run"
            ),
        ),
        (81, "eu-central-1_Kx3vTq9Za.MfaConfiguration: by authenticator app; there is no SMS"),
        (
            83,
            (
                "eu-central-1_Kx3vTq9Za.EmailConfiguration: shown by the API; mail goes to the"
                " inbox, not SES"
            ),
        ),
    ]


def test_what_describe_shows_can_be_read_again(tmp_path):
    """Describe → file → the same description, for what has no date and counts nobody."""
    with MockCognito(config=DESCRIBED) as mock:
        idp = client_of(mock.url)
        (tmp_path / "all.json").write_text(dump(idp))
        before, _ = everything(idp)
    with MockCognito(config=tmp_path / "all.json") as again:
        after, clients = everything(client_of(again.url))

    for described in (before, after):
        for name in ("CreationDate", "LastModifiedDate"):
            described.pop(name)
    assert after == before
    assert clients["web"]["ClientId"] == "5k3qv0m9u2d7p1s8r6t4w0x2y4"


def dump(idp):
    """All of it in one file, as a list."""
    pool, clients = everything(idp)
    documents = [{"UserPool": pool}, *({"UserPoolClient": c} for c in clients.values())]
    return json.dumps(documents, default=str, indent=2)
