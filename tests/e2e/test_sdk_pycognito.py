"""pycognito: its own SRP, its own check of the tokens, and what it makes of challenges."""

import pytest
from botocore.exceptions import ClientError
from pycognito import Cognito
from pycognito.aws_srp import AWSSRP
from pycognito.exceptions import ForceChangePasswordException, SoftwareTokenMFAChallengeException

from cognito_mock.starter import ADA
from cognito_mock.starter import POOL_ID as POOL
from cognito_mock.starter import PUBLIC_CLIENT_ID as CLIENT

from .authenticator import code_of, wrong_code

pytestmark = pytest.mark.e2e

TEMPORARY = "Temporary-Horse-1"
PASSWORD = "Correct-Horse-1"


@pytest.fixture
def new_cognito(mock_url):
    """Make pycognito's user; its endpoint is also where it looks for issuer and keys."""
    made = []

    def make(pool_id=POOL, client_id=CLIENT, username=ADA.username):
        cognito = Cognito(
            pool_id,
            client_id,
            username=username,
            access_key="testing",
            secret_key="testing",
            boto3_client_kwargs={"endpoint_url": mock_url},
        )
        made.append(cognito)
        return cognito

    yield make
    for cognito in made:
        cognito.client.close()


@pytest.fixture
def pool_id(idp):
    """A pool in which users may have a second factor."""
    pool_id = idp.create_user_pool(PoolName="pycognito")["UserPool"]["Id"]
    idp.set_user_pool_mfa_config(
        UserPoolId=pool_id,
        SoftwareTokenMfaConfiguration={"Enabled": True},
        MfaConfiguration="OPTIONAL",
    )
    yield pool_id
    idp.delete_user_pool(UserPoolId=pool_id)


@pytest.fixture
def client_id(idp, pool_id):
    client = idp.create_user_pool_client(UserPoolId=pool_id, ClientName="app")
    return client["UserPoolClient"]["ClientId"]


@pytest.fixture
def rosa(idp, new_cognito, pool_id, client_id):
    """A user who was invited."""
    idp.admin_create_user(
        UserPoolId=pool_id,
        Username="rosa",
        TemporaryPassword=TEMPORARY,
        UserAttributes=[{"Name": "email", "Value": "rosa@example.org"}],
        MessageAction="SUPPRESS",
    )
    return new_cognito(pool_id, client_id, "rosa")


@pytest.fixture
def settled(idp, rosa, pool_id):
    """The same user with a password of her own."""
    idp.admin_set_user_password(
        UserPoolId=pool_id, Username="rosa", Password=PASSWORD, Permanent=True
    )
    return rosa


def test_it_signs_in_and_verifies_what_it_got(new_cognito):
    """``authenticate`` is SRP; pycognito then verifies both tokens with the pool's JWKS."""
    ada = new_cognito()

    ada.authenticate(password=ADA.password)

    assert ada.id_claims["sub"] == ADA.sub
    assert ada.access_claims["username"] == ADA.username


def test_a_wrong_password_is_refused(new_cognito):
    """The service's exception comes through."""
    with pytest.raises(ClientError, match=r"Incorrect username or password\."):
        new_cognito().authenticate(password="Lovelace-1816")


def test_an_invited_user_chooses_a_password(rosa):
    """COG-API-NEWPWD-001, -004: the temporary password buys a challenge, and works once."""
    with pytest.raises(ForceChangePasswordException):
        rosa.authenticate(password=TEMPORARY)

    rosa.new_password_challenge(TEMPORARY, PASSWORD)

    assert rosa.access_claims["username"] == "rosa"
    rosa.authenticate(password=PASSWORD)
    with pytest.raises(ClientError, match=r"Incorrect username or password\."):
        rosa.authenticate(password=TEMPORARY)


def test_a_new_password_must_follow_the_policy(rosa):
    """COG-API-NEWPWD-003: InvalidPasswordException, and the user is where she was."""
    with pytest.raises(rosa.client.exceptions.InvalidPasswordException, match="not long enough"):
        rosa.new_password_challenge(TEMPORARY, "Short1!")

    with pytest.raises(ForceChangePasswordException):
        rosa.authenticate(password=TEMPORARY)


def test_it_renews_its_access_token(settled):
    """COG-API-REFRESH-001: a new access token from the refresh token, which stays."""
    settled.authenticate(password=PASSWORD)
    before = settled.access_token, settled.refresh_token

    settled.renew_access_token()

    assert settled.access_token != before[0]
    assert settled.refresh_token == before[1]
    assert settled.verify_token(settled.access_token, "access_token", "access")
    settled.refresh_token = f"{before[1]}x"
    with pytest.raises(ClientError, match=r"Invalid Refresh Token\."):
        settled.renew_access_token()


def test_it_reads_and_changes_the_profile(settled):
    """GetUser, UpdateUserAttributes, ChangePassword with the user's own access token."""
    settled.authenticate(password=PASSWORD)

    settled.update_profile({"given_name": "Rosa", "nickname": "R"})
    user = settled.get_user()
    settled.change_password(PASSWORD, "Another-Horse-2")

    assert (user.given_name, user.nickname) == ("Rosa", "R")
    assert user.email == "rosa@example.org"
    settled.authenticate(password="Another-Horse-2")
    with pytest.raises(ClientError, match=r"Incorrect username or password\."):
        settled.change_password(PASSWORD, "Third-Horse-3")


def test_an_authenticator_app_stands_between_password_and_tokens(settled):
    """COG-API-MFA-005, -008: its exception carries the session, which a wrong code leaves open."""
    settled.authenticate(password=PASSWORD)
    secret = settled.associate_software_token()
    with pytest.raises(ClientError, match="Code mismatch"):
        settled.verify_software_token(wrong_code(secret))
    assert settled.verify_software_token(code_of(secret)) is True
    settled.set_user_mfa_preference(
        sms_mfa=False, software_token_mfa=True, preferred="SOFTWARE_TOKEN"
    )
    settled.access_token = settled.id_token = None
    with pytest.raises(SoftwareTokenMFAChallengeException) as challenged:
        settled.authenticate(password=PASSWORD)
    tokens = challenged.value.get_tokens()
    with pytest.raises(ClientError, match="Invalid code received for user"):
        settled.respond_to_software_token_mfa_challenge(wrong_code(secret), tokens)

    settled.respond_to_software_token_mfa_challenge(code_of(secret, steps=1), tokens)

    assert settled.access_claims["username"] == "rosa"


def test_it_signs_out_everywhere(settled):
    """``logout`` is GlobalSignOut."""
    settled.authenticate(password=PASSWORD)
    token, refresh = settled.access_token, settled.refresh_token

    settled.logout()

    with pytest.raises(ClientError, match="Access Token has been revoked"):
        settled.client.get_user(AccessToken=token)
    settled.refresh_token = refresh
    with pytest.raises(ClientError, match="Refresh Token has been revoked"):
        settled.renew_access_token()


def test_its_srp_class_alone_refuses_a_challenge_for_another_user(idp, pool_id, settled):
    """COG-API-SRP-008: the signature covers the user's id; an altered one opens nothing."""
    srp = AWSSRP(
        username="rosa",
        password=PASSWORD,
        pool_id=pool_id,
        client=idp,
        client_id=settled.client_id,
    )
    challenge = idp.initiate_auth(
        ClientId=settled.client_id, AuthFlow="USER_SRP_AUTH", AuthParameters=srp.get_auth_params()
    )
    answers = srp.process_challenge(
        {**challenge["ChallengeParameters"], "USER_ID_FOR_SRP": "rosb"}, srp.get_auth_params()
    )
    with pytest.raises(ClientError) as caught:
        idp.respond_to_auth_challenge(
            ClientId=settled.client_id,
            ChallengeName="PASSWORD_VERIFIER",
            Session=challenge["Session"],
            ChallengeResponses={**answers, "USERNAME": "rosa"},
        )

    assert caught.value.response["Error"]["Code"] == "NotAuthorizedException"
