"""A shop's API in FastAPI; its documentation at /docs signs in at the hosted UI."""

import os
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException, Path

from cognito_verify import Claims, CognitoVerifier
from cognito_verify.web.fastapi import CognitoBearer

ORDERS = {1: "A slide rule", 2: "A box of punched cards"}

CLIENT_IDS = os.environ["COGNITO_CLIENT_IDS"].split(",")

auth = CognitoBearer(
    CognitoVerifier(
        user_pool_id=os.environ.get("COGNITO_USER_POOL_ID"),
        issuer=os.environ.get("COGNITO_ISSUER"),
        client_id=CLIENT_IDS,
        token_use="access",
    ),
    hosted_ui=os.environ.get("COGNITO_HOSTED_UI"),
    offered_scopes={"openid": "Who you are"},
)
app = FastAPI(
    title="Shop",
    swagger_ui_oauth2_redirect_url="/callback",
    swagger_ui_init_oauth={
        "clientId": CLIENT_IDS[0],
        "usePkceWithAuthorizationCodeGrant": True,
    },
)


@app.get("/me")
async def me(claims: Annotated[Claims, Depends(auth)]) -> dict[str, object]:
    """Anybody with a token."""
    return {"username": claims.username, "groups": claims.groups}


@app.get("/orders", dependencies=[Depends(auth.requires(scopes=["orders/read", "orders/write"]))])
async def orders() -> dict[int, str]:
    """A machine with one of the scopes."""
    return ORDERS


@app.delete("/orders/{number}", status_code=204)
async def cancel(
    number: Annotated[int, Path(gt=0)],
    claims: Annotated[Claims, Depends(auth.requires(groups=["admins"]))],
) -> None:
    """A user in the group."""
    if number not in ORDERS:
        raise HTTPException(404, "There is no such order")
    print(f"{claims.sub} cancels order {number}")
