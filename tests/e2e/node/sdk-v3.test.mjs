// @aws-sdk/client-cognito-identity-provider: credentialed and unsigned operations, errors as classes.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  CodeMismatchException,
  CognitoIdentityProvider,
  ExpiredCodeException,
  InvalidParameterException,
  InvalidPasswordException,
  NotAuthorizedException,
  paginateListUsers,
  RefreshTokenReuseException,
  ResourceNotFoundException,
  UsernameExistsException,
  UserNotConfirmedException,
  UserNotFoundException,
} from "@aws-sdk/client-cognito-identity-provider";
import { inbox, MOCK, REGION, totp, wrongTotp } from "./mock.mjs";

const PASSWORD = "Correct-Horse-1";
const admin = new CognitoIdentityProvider({
  region: REGION,
  endpoint: MOCK,
  credentials: { accessKeyId: "testing", secretAccessKey: "testing" },
});
// What a browser has: a region and nothing secret. Operations without a signature need no more.
const visitor = new CognitoIdentityProvider({
  region: REGION,
  endpoint: MOCK,
  credentials: () => Promise.reject(new Error("no credentials here")),
});
let UserPoolId;
let ClientId;

before(async () => {
  const made = await admin.createUserPool({ PoolName: "v3", AutoVerifiedAttributes: ["email"] });
  UserPoolId = made.UserPool.Id;
  await admin.setUserPoolMfaConfig({
    UserPoolId,
    SoftwareTokenMfaConfiguration: { Enabled: true },
    MfaConfiguration: "OPTIONAL",
  });
  const client = await admin.createUserPoolClient({
    UserPoolId,
    ClientName: "v3",
    ExplicitAuthFlows: ["ALLOW_USER_PASSWORD_AUTH"],
    RefreshTokenRotation: { Feature: "ENABLED", RetryGracePeriodSeconds: 0 },
  });
  ClientId = client.UserPoolClient.ClientId;
});

after(async () => {
  await admin.deleteUserPool({ UserPoolId });
  admin.destroy();
  visitor.destroy();
});

function signIn(USERNAME, password = PASSWORD) {
  return visitor.initiateAuth({
    ClientId,
    AuthFlow: "USER_PASSWORD_AUTH",
    AuthParameters: { USERNAME, PASSWORD: password },
  });
}

async function userWithPassword(Username) {
  await admin.adminCreateUser({ UserPoolId, Username, MessageAction: "SUPPRESS" });
  await admin.adminSetUserPassword({ UserPoolId, Username, Password: PASSWORD, Permanent: true });
  return Username;
}

/** Await that a call is refused with this class, HTTP 400 and a message. */
async function refused(call, Class, message) {
  await assert.rejects(call, (error) => {
    assert.ok(error instanceof Class, `${error.name}: ${error.message}`);
    assert.equal(error.name, Class.name);
    assert.equal(error.$fault, "client");
    assert.equal(error.$metadata.httpStatusCode, 400);
    assert.match(error.$metadata.requestId, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    assert.match(error.message, message);
    return true;
  });
}

test("a user signs up, confirms with the code from the inbox, and signs in", async () => {
  const Username = "rosa";
  const registration = {
    ClientId,
    Username,
    Password: PASSWORD,
    UserAttributes: [{ Name: "email", Value: "rosa@example.org" }],
  };
  await refused(
    visitor.signUp({ ...registration, Password: "long-enough" }),
    InvalidPasswordException,
    /must have uppercase characters/,
  );
  const { UserConfirmed, CodeDeliveryDetails } = await visitor.signUp(registration);
  assert.equal(UserConfirmed, false);
  assert.equal(CodeDeliveryDetails.Destination, "r***@e***");
  await refused(signIn(Username), UserNotConfirmedException, /^User is not confirmed\.$/);
  const { code } = (await inbox(UserPoolId)).at(-1);
  const wrong = String((Number(code) + 1) % 1_000_000).padStart(6, "0");
  const confirmation = { ClientId, Username };
  await refused(
    visitor.confirmSignUp({ ...confirmation, ConfirmationCode: wrong }),
    CodeMismatchException,
    /^Invalid verification code provided, please try again\.$/,
  );

  await visitor.confirmSignUp({ ...confirmation, ConfirmationCode: code });

  const { AuthenticationResult } = await signIn(Username);
  assert.equal(AuthenticationResult.TokenType, "Bearer");
  const user = await visitor.getUser({ AccessToken: AuthenticationResult.AccessToken });
  assert.deepEqual(
    user.UserAttributes.find(({ Name }) => Name === "email_verified"),
    { Name: "email_verified", Value: "true" },
  );
  await refused(visitor.signUp(registration), UsernameExistsException, /^User already exists$/);
});

test("an authenticator app stands between password and tokens", async () => {
  const USERNAME = await userWithPassword("mfa");
  const { AccessToken } = (await signIn(USERNAME)).AuthenticationResult;
  const { SecretCode } = await visitor.associateSoftwareToken({ AccessToken });
  const verified = await visitor.verifySoftwareToken({ AccessToken, UserCode: totp(SecretCode) });
  assert.equal(verified.Status, "SUCCESS");
  await visitor.setUserMFAPreference({
    AccessToken,
    SoftwareTokenMfaSettings: { Enabled: true, PreferredMfa: true },
  });
  const answer = (Session, code) =>
    visitor.respondToAuthChallenge({
      ClientId,
      ChallengeName: "SOFTWARE_TOKEN_MFA",
      Session,
      ChallengeResponses: { USERNAME, SOFTWARE_TOKEN_MFA_CODE: code },
    });

  const { ChallengeName, Session, AuthenticationResult } = await signIn(USERNAME);
  assert.equal(ChallengeName, "SOFTWARE_TOKEN_MFA");
  assert.equal(AuthenticationResult, undefined);
  await refused(answer(Session, wrongTotp(SecretCode)), CodeMismatchException, /^Invalid code/);
  const code = totp(SecretCode, 1);
  assert.ok((await answer(Session, code)).AuthenticationResult.AccessToken);

  const next = await signIn(USERNAME);
  await refused(answer(next.Session, code), ExpiredCodeException, /already been used once/);
  await refused(answer(Session, code), NotAuthorizedException, /only be used once/);
});

test("a refresh token is used once; revocation and global sign-out end sessions", async () => {
  const username = await userWithPassword("refresh");
  const refresh = (RefreshToken) => visitor.getTokensFromRefreshToken({ ClientId, RefreshToken });
  const first = (await signIn(username)).AuthenticationResult;
  const second = (await refresh(first.RefreshToken)).AuthenticationResult;
  assert.notEqual(second.RefreshToken, first.RefreshToken);
  await refused(refresh(first.RefreshToken), RefreshTokenReuseException, /./);

  const third = (await signIn(username)).AuthenticationResult;
  await visitor.revokeToken({ ClientId, Token: third.RefreshToken });
  await refused(refresh(third.RefreshToken), NotAuthorizedException, /revoked/);

  const last = (await signIn(username)).AuthenticationResult;
  await visitor.globalSignOut({ AccessToken: last.AccessToken });
  await refused(
    visitor.getUser({ AccessToken: last.AccessToken }),
    NotAuthorizedException,
    /^Access Token has been revoked$/,
  );
});

test("a wrong password, an unknown user, pool, filter and client are typed errors", async () => {
  const username = await userWithPassword("errors");
  await refused(
    signIn(username, "Wrong-Horse-1"),
    NotAuthorizedException,
    /^Incorrect username or password\.$/,
  );
  const nobody = admin.adminGetUser({ UserPoolId, Username: "nobody" });
  await refused(nobody, UserNotFoundException, /^User does not exist\.$/);
  const nowhere = admin.describeUserPool({ UserPoolId: "us-east-1_Nowhere00" });
  await refused(nowhere, ResourceNotFoundException, /does not exist\.$/);
  const shoes = admin.listUsers({ UserPoolId, Filter: 'shoe_size = "44"' });
  await refused(shoes, InvalidParameterException, /^Invalid search attribute: shoe_size$/);
  const nobodys = visitor.initiateAuth({
    ClientId: "nobodysclient",
    AuthFlow: "USER_PASSWORD_AUTH",
    AuthParameters: { USERNAME: username, PASSWORD },
  });
  await refused(nobodys, ResourceNotFoundException, /nobodysclient does not exist\.$/);
});

test("operations that need a signature never leave a client without credentials", async () => {
  await assert.rejects(visitor.listUsers({ UserPoolId }), /no credentials here/);
});

test("dates are dates, and pages follow each other", async () => {
  for (const number of [0, 1, 2, 3, 4]) await userWithPassword(`page${number}`);
  const names = [];
  const query = { UserPoolId, Filter: 'username ^= "page"' };
  for await (const page of paginateListUsers({ client: admin, pageSize: 2 }, query)) {
    assert.ok(page.Users.length <= 2);
    for (const user of page.Users) {
      assert.ok(Math.abs(Date.now() - user.UserCreateDate) < 60_000);
      names.push(user.Username);
    }
  }
  assert.deepEqual(names, ["page0", "page1", "page2", "page3", "page4"]);
});
