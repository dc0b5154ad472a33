"""The AWS CLI: a shell script's view, exit codes and messages on stderr included.

It pins botocore, so it has an environment of its own, which ``python -m nox -s e2e`` makes.
"""

import json
import os
import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.e2e

ROOT = Path(__file__).parents[2]
AWS = ROOT / ".nox" / "aws-cli" / ("Scripts" if os.name == "nt" else "bin") / "aws"
PASSWORD = "Correct-Horse-1"
# Version 1's codes (its page "Return codes"); version 2 has 254 and 252.
SERVICE_ERROR = 255
USAGE_ERROR = 2


class Shell:
    """``aws cognito-idp`` with made-up credentials and no configuration of the machine's."""

    def __init__(self, home, *options, **environment):
        self._options = options
        self._environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
            **environment,
        }

    def run(self, command, *arguments):
        assert AWS.exists(), "python -m nox -s e2e -- --collect-only installs it"
        words = [AWS, "cognito-idp", command, *arguments, *self._options]
        return subprocess.run(
            words, env=self._environment, capture_output=True, text=True, timeout=60, check=False
        )

    def __call__(self, command, *arguments):
        """Return what the command printed, read as JSON; it must succeed."""
        done = self.run(command, *arguments)
        assert (done.returncode, done.stderr) == (0, "")
        return json.loads(done.stdout) if done.stdout else None

    def refusal(self, command, *arguments):
        """Return the message of a command that the service must refuse."""
        done = self.run(command, *arguments)
        assert (done.returncode, done.stdout) == (SERVICE_ERROR, "")
        # Newer releases put their name before it.
        return done.stderr.strip().removeprefix("aws: [ERROR]: ")


@pytest.fixture(scope="module")
def aws(mock_url, tmp_path_factory):
    """The endpoint is an option of every command."""
    return Shell(tmp_path_factory.mktemp("home"), "--endpoint-url", mock_url)


@pytest.fixture(scope="module")
def pool(aws):
    """A pool with a client that takes passwords, made by two commands."""
    pool_id = aws("create-user-pool", "--pool-name", "cli")["UserPool"]["Id"]
    client = aws(
        "create-user-pool-client",
        *("--user-pool-id", pool_id, "--client-name", "cli", "--explicit-auth-flows"),
        *("ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"),
    )["UserPoolClient"]
    assert client["ExplicitAuthFlows"] == ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
    return pool_id, client["ClientId"]


@pytest.fixture(scope="module")
def rosa(aws, pool):
    """A user with a permanent password, made by two commands."""
    of_rosa = ("--user-pool-id", pool[0], "--username", "rosa")
    user = aws(
        "admin-create-user",
        *of_rosa,
        *("--user-attributes", "Name=email,Value=rosa@example.org", "Name=name,Value=Rosa"),
        *("--message-action", "SUPPRESS"),
    )["User"]
    assert user["UserStatus"] == "FORCE_CHANGE_PASSWORD"
    assert aws("admin-set-user-password", *of_rosa, "--password", PASSWORD, "--permanent") is None
    return "rosa"


def initiate(client_id, password):
    parameters = json.dumps({"USERNAME": "rosa", "PASSWORD": password})
    return (
        *("initiate-auth", "--client-id", client_id, "--auth-flow", "USER_PASSWORD_AUTH"),
        *("--auth-parameters", parameters),
    )


def test_a_user_signs_in_and_out_everywhere(aws, pool, rosa):
    """Initiate-auth, get-user, global-sign-out; then the token is worth nothing."""
    result = aws(*initiate(pool[1], PASSWORD))["AuthenticationResult"]
    assert result.keys() == {"AccessToken", "ExpiresIn", "TokenType", "RefreshToken", "IdToken"}
    with_token = ("--access-token", result["AccessToken"])
    assert aws("get-user", *with_token)["Username"] == rosa

    assert not aws("global-sign-out", *with_token)

    assert aws.refusal("get-user", *with_token) == (
        "An error occurred (NotAuthorizedException) when calling the GetUser operation:"
        " Access Token has been revoked"
    )


def test_a_wrong_password_has_the_exit_code_of_a_service_error(aws, pool, rosa):
    """255, nothing on stdout, the service's words on stderr (COG-API-PWD-003)."""
    assert aws.refusal(*initiate(pool[1], "Wrong-Horse-1")) == (
        "An error occurred (NotAuthorizedException) when calling the InitiateAuth operation:"
        " Incorrect username or password."
    )


def test_users_are_found_by_filter_and_shaped_by_query(aws, idp, pool, rosa):
    """The CLI's own ``--query`` and paging work on the answers (COG-API-LIST-001, -003)."""
    for number in range(3):
        idp.admin_create_user(UserPoolId=pool[0], Username=f"guest{number}")
    found = ("list-users", "--user-pool-id", pool[0], "--query", "Users[].Username", "--filter")

    assert aws(*found, 'email ^= "rosa@"') == [rosa]
    assert aws(*found, 'username ^= "guest"', "--page-size", "2") == ["guest0", "guest1", "guest2"]
    assert aws(*found, 'email = "nobody@example.org"') == []
    assert aws.refusal(*found, 'shoe_size = "44"') == (
        "An error occurred (InvalidParameterException) when calling the ListUsers operation:"
        " Invalid search attribute: shoe_size"
    )


def test_the_endpoint_may_come_from_the_environment(mock_url, pool, rosa, tmp_path):
    """AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER, for commands that know nothing of the mock."""
    aws = Shell(tmp_path, AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER=mock_url)

    user = aws("admin-get-user", "--user-pool-id", pool[0], "--username", rosa)

    assert user["UserStatus"] == "CONFIRMED"
    assert aws(*initiate(pool[1], PASSWORD))["AuthenticationResult"]["TokenType"] == "Bearer"
    unknown = aws.refusal("admin-get-user", "--user-pool-id", pool[0], "--username", "nobody")
    assert unknown.endswith(
        "(UserNotFoundException) when calling the AdminGetUser operation: User does not exist."
    )


def test_a_command_without_its_parameter_never_reaches_the_mock(aws):
    """2: the CLI's own complaint."""
    assert aws.run("admin-get-user", "--username", "rosa").returncode == USAGE_ERROR


def test_what_was_made_is_unmade(aws):
    """delete-user-pool prints nothing; afterwards the pool is unknown."""
    pool_id = aws("create-user-pool", "--pool-name", "short-lived")["UserPool"]["Id"]

    assert aws("delete-user-pool", "--user-pool-id", pool_id) is None

    assert "ResourceNotFoundException" in aws.refusal(
        "describe-user-pool", "--user-pool-id", pool_id
    )
