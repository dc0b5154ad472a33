"""The API as boto3 sees it: uvicorn on a socket, and a pool for each test."""

import socket
import threading
from contextlib import contextmanager
from dataclasses import dataclass

import boto3
import pytest
import uvicorn
from botocore.config import Config
from botocore.exceptions import ClientError

from cognito_mock.flows.inbox import list_messages
from cognito_mock.flows.services import Services

PASSWORD = "Passw0rd!x"


@contextmanager
def sdk_client(app):
    """A boto3 client of the application behind uvicorn; the socket listens before the server."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    client = boto3.client(
        "cognito-idp",
        endpoint_url=f"http://127.0.0.1:{listener.getsockname()[1]}",
        region_name="eu-central-1",
        aws_access_key_id="AKIDEXAMPLE",
        aws_secret_access_key="anything",
        config=Config(retries={"max_attempts": 1}),
    )
    yield client
    client.close()
    server.should_exit = True
    thread.join()
    listener.close()


@dataclass(frozen=True)
class Live:
    """A pool with a client and whoever tests want in it, as boto3 makes them."""

    idp: object
    services: Services
    pool_id: str
    client_id: str

    def user(self, username="rosa", *, password=PASSWORD, verified=True, **attributes):
        """Make a user with an e-mail address, and a permanent password unless None."""
        given = {"email": f"{username}@example.org", **attributes}
        if verified:
            given["email_verified"] = "true"
        self.idp.admin_create_user(
            UserPoolId=self.pool_id,
            Username=username,
            UserAttributes=pairs(given),
            MessageAction="SUPPRESS",
        )
        if password is not None:
            self.idp.admin_set_user_password(
                UserPoolId=self.pool_id, Username=username, Password=password, Permanent=True
            )

    def sign_in(self, username="rosa", password=PASSWORD, client_id=None):
        """Return the tokens."""
        return self.idp.initiate_auth(
            ClientId=client_id or self.client_id,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": username, "PASSWORD": password},
        )["AuthenticationResult"]

    def attributes(self, username="rosa"):
        """Return the user's attributes but ``sub``."""
        user = self.idp.admin_get_user(UserPoolId=self.pool_id, Username=username)
        found = {a["Name"]: a["Value"] for a in user["UserAttributes"]}
        del found["sub"]
        return found

    def status(self, username="rosa"):
        return self.idp.admin_get_user(UserPoolId=self.pool_id, Username=username)["UserStatus"]

    def messages(self):
        """Return what the pool sent, newest last."""
        return list_messages(self.services, self.pool_id)

    def refusal(self, operation, **members):
        """Return (type, message) of a call that must fail."""
        with pytest.raises(ClientError) as caught:
            getattr(self.idp, operation)(**members)
        error = caught.value.response["Error"]
        return error["Code"], error.get("Message")


def pairs(attributes):
    return [{"Name": name, "Value": value} for name, value in attributes.items()]
