"""The plugin, in test runs of its own."""

import subprocess
import sys
import textwrap

# A run in this process forgets the modules that it was the first to import. The compiled part of
# httptools would stay, and in later tests raise errors of classes that uvicorn no longer knows.
import httptools  # noqa: F401

pytest_plugins = ["pytester"]


def run(pytester, source, *arguments):
    pytester.makepyfile(textwrap.dedent(source))
    return pytester.runpytest_inprocess("-p", "no:cacheprovider", "-p", "no:asyncio", *arguments)


def run_apart(pytester, source, *arguments):
    """In a process of its own: moto hooks into botocore when it is imported, once per process."""
    pytester.makepyfile(textwrap.dedent(source))
    return pytester.runpytest_subprocess("-p", "no:cacheprovider", *arguments)


def test_the_fixtures_hand_out_what_the_contract_names(pytester):
    """Every attribute and factory of the contract is there and fits together."""
    result = run(
        pytester,
        """
        import jwt

        def claims(token):
            return jwt.decode(token, options={"verify_signature": False})

        def test_it(cognito, cognito_pool, cognito_client, cognito_user, cognito_tokens,
                    cognito_auth_headers):
            assert cognito.url.startswith("http://127.0.0.1:")
            assert cognito_pool.issuer == f"{cognito.url}/{cognito_pool.id}"
            assert cognito_pool.domain_url == cognito.url
            assert cognito_client.secret is None
            access, id_ = claims(cognito_tokens.access_token), claims(cognito_tokens.id_token)
            assert access["iss"] == id_["iss"] == cognito_pool.issuer
            assert access["client_id"] == id_["aud"] == cognito_client.id
            assert access["sub"] == id_["sub"] == cognito_user.sub
            assert access["username"] == cognito_user.username
            assert id_["email"] == cognito_user.email
            assert cognito_tokens.refresh_token
            assert cognito_auth_headers == {
                "Authorization": f"Bearer {cognito_tokens.access_token}"
            }
            other = cognito_pool.create_user(groups=["admins"])
            client = cognito_pool.create_client(secret=True)
            tokens = cognito_pool.sign_in(other, client=client)
            assert claims(tokens.access_token)["cognito:groups"] == ["admins"]
            assert claims(cognito_pool.sign_in(other).access_token)["sub"] == other.sub
        """,
    )

    result.assert_outcomes(passed=1)


def test_every_test_has_a_pool_of_its_own(pytester):
    """One server for the session, a fresh pool per test; the former test's has gone."""
    result = run(
        pytester,
        """
        import pytest

        SEEN = []

        @pytest.mark.parametrize("turn", [1, 2])
        def test_it(turn, cognito, cognito_pool):
            SEEN.append((cognito.url, cognito_pool.id))
            if turn == 2:
                (url, pool), (same_url, other_pool) = SEEN
                assert url == same_url
                assert pool != other_pool
                pools = cognito.control("GET", "/_mock/api/snapshot")["tables"]["user_pool"]
                assert [found["id"] for found in pools] == [other_pool]
        """,
    )

    result.assert_outcomes(passed=2)


def test_the_marker_shapes_user_and_tokens(pytester):
    """Groups, scopes and attributes end up in the tokens."""
    result = run(
        pytester,
        """
        import jwt
        import pytest

        @pytest.mark.cognito(groups=["b", "a"], scopes=["openid", "email"],
                             attributes={"given_name": "Ada"})
        def test_it(cognito_tokens, cognito_user, cognito_pool):
            access = jwt.decode(cognito_tokens.access_token, options={"verify_signature": False})
            assert access["cognito:groups"] == ["a", "b"]
            assert access["scope"] == "openid email"
            full = cognito_pool.sign_in(cognito_user)
            assert jwt.decode(
                full.id_token, options={"verify_signature": False}
            )["given_name"] == "Ada"
        """,
        "--strict-markers",
    )

    result.assert_outcomes(passed=1)


def test_the_clock_is_put_right_after_the_test(pytester):
    """A token expires when the clock passes its end, and the next test has the real time."""
    result = run(
        pytester,
        """
        import time

        def test_first(cognito_clock):
            cognito_clock.advance(86400)
            assert cognito_clock.now() > time.time() + 80000

        def test_second(cognito_clock):
            assert cognito_clock.now() < time.time() + 60
        """,
    )

    result.assert_outcomes(passed=2)


def test_boto3_reaches_the_mock_while_a_test_uses_the_fixtures(pytester, monkeypatch):
    """Without a change in the code under test, and only as long as the test runs."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")
    result = run(
        pytester,
        """
        import os
        import boto3
        import pytest

        ENDPOINT = "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER"

        def code_under_test(pool_id):
            return boto3.client("cognito-idp").describe_user_pool(UserPoolId=pool_id)

        def test_with_a_pool(cognito_pool):
            assert code_under_test(cognito_pool.id)["UserPool"]["Id"] == cognito_pool.id

        def test_with_the_session_alone(cognito):
            pool = cognito.create_pool()
            assert code_under_test(pool.id)["UserPool"]["Id"] == pool.id

        def test_without(request):
            assert ENDPOINT not in os.environ
            assert "AWS_ACCESS_KEY_ID" not in os.environ
            assert os.environ["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] == "true"
            request.getfixturevalue("cognito_pool")
            assert ENDPOINT in os.environ
        """,
    )

    result.assert_outcomes(passed=3)


def test_boto3_reaches_the_mock_inside_mock_aws(pytester):
    """cognito-idp is ours, everything else is moto's; as decorator and as context manager."""
    result = run_apart(
        pytester,
        """
        import boto3
        import pytest
        from botocore.exceptions import ClientError
        from moto import mock_aws

        def check(pool, user, client):
            idp = boto3.client("cognito-idp", region_name="us-east-1")
            with pytest.raises(ClientError, match="Incorrect username or password"):
                idp.initiate_auth(
                    ClientId=client.id, AuthFlow="USER_PASSWORD_AUTH",
                    AuthParameters={"USERNAME": user.username, "PASSWORD": "Wrong-1234"})
            assert idp.describe_user_pool(UserPoolId=pool.id)["UserPool"]["Id"] == pool.id
            s3 = boto3.client("s3", region_name="us-east-1")
            s3.create_bucket(Bucket="ours")
            assert [b["Name"] for b in s3.list_buckets()["Buckets"]] == ["ours"]

        @mock_aws
        def test_decorated(cognito_pool, cognito_user, cognito_client):
            check(cognito_pool, cognito_user, cognito_client)

        def test_inside(cognito_pool, cognito_user, cognito_client):
            with mock_aws():
                check(cognito_pool, cognito_user, cognito_client)

        @pytest.fixture
        def moto_first():
            with mock_aws():
                yield

        def test_entered_before(moto_first, cognito_pool, cognito_user, cognito_client):
            check(cognito_pool, cognito_user, cognito_client)
        """,
        "-W",
        "ignore",
    )

    result.assert_outcomes(passed=3)


def test_bad_tokens_come_one_by_one_with_their_reason(pytester):
    """Each is refused by a verifier, and the twin that nobody tampered with is accepted."""
    result = run(
        pytester,
        """
        import jwt
        import pytest

        def test_it(cognito_bad_tokens, cognito_tokens, cognito_pool, cognito_client):
            keys = jwt.PyJWKClient(cognito_pool.jwks_uri)

            def verify(token):
                claims = jwt.decode(
                    token, keys.get_signing_key_from_jwt(token), algorithms=["RS256"],
                    issuer=cognito_pool.issuer, options={"require": ["exp"]})
                if claims["client_id"] != cognito_client.id or claims["token_use"] != "access":
                    raise jwt.InvalidAudienceError

            verify(cognito_tokens.access_token)
            reason, token = cognito_bad_tokens
            assert cognito_bad_tokens.why
            assert token not in repr(cognito_bad_tokens)
            with pytest.raises(jwt.PyJWTError):
                verify(token)
        """,
    )

    result.assert_outcomes(passed=10)


def test_the_plugin_imports_nothing_of_the_mock():
    """A run that uses no fixture of it loads neither the mock nor what it stands on."""
    code = """
import sys
import cognito_mock.pytest_plugin
heavy = {"starlette", "uvicorn", "jinja2", "botocore", "cryptography", "click"} & sys.modules.keys()
ours = {m for m in sys.modules if m.startswith("cognito_mock.")} - {"cognito_mock.pytest_plugin"}
assert not heavy and not ours, (heavy, ours)
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=30)


def test_without_the_extra_the_message_names_it(pytester):
    """Tests that use the fixtures fail with the command that helps; others run."""
    pytester.makepyfile(
        textwrap.dedent("""
        def test_without():
            pass

        def test_with(cognito_pool):
            pass
        """)
    )
    code = """
import sys
sys.modules["starlette"] = None
import pytest
raise SystemExit(pytest.main(["-p", "no:cacheprovider"]))
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=pytester.path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert 'pip install "cognito-verify[pytest]"' in done.stdout
    assert "1 passed, 1 error" in done.stdout
