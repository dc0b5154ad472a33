// amazon-cognito-identity-js: SRP in JavaScript, and callbacks for every challenge.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { CognitoIdentityProvider } from "@aws-sdk/client-cognito-identity-provider";
import identity from "amazon-cognito-identity-js";
import { MOCK, REGION, totp, wrongTotp } from "./mock.mjs";

const { AuthenticationDetails, CognitoUser, CognitoUserPool } = identity;
const TEMPORARY = "Temporary-Horse-1";
const PASSWORD = "Correct-Horse-1";
const admin = new CognitoIdentityProvider({
  region: REGION,
  endpoint: MOCK,
  credentials: { accessKeyId: "testing", secretAccessKey: "testing" },
});
let UserPoolId;
let Pool;

before(async () => {
  const made = await admin.createUserPool({
    PoolName: "identity-js",
    Schema: [{ Name: "name", AttributeDataType: "String", Mutable: true, Required: true }],
  });
  UserPoolId = made.UserPool.Id;
  await admin.setUserPoolMfaConfig({
    UserPoolId,
    SoftwareTokenMfaConfiguration: { Enabled: true },
    MfaConfiguration: "OPTIONAL",
  });
  const client = await admin.createUserPoolClient({ UserPoolId, ClientName: "browser" });
  const { ClientId } = client.UserPoolClient;
  Pool = new CognitoUserPool({ UserPoolId, ClientId, endpoint: MOCK });
});

after(async () => {
  await admin.deleteUserPool({ UserPoolId });
  admin.destroy();
});

async function invited(Username) {
  await admin.adminCreateUser({
    UserPoolId,
    Username,
    TemporaryPassword: TEMPORARY,
    UserAttributes: [{ Name: "email", Value: `${Username}@example.org` }],
    MessageAction: "SUPPRESS",
  });
  return new CognitoUser({ Username, Pool });
}

async function settled(Username) {
  const user = await invited(Username);
  await admin.adminSetUserPassword({ UserPoolId, Username, Password: PASSWORD, Permanent: true });
  return user;
}

/** The name of the callback that was called, and what it was given; a failure is thrown. */
function outcome(start) {
  return new Promise((resolve, reject) => {
    const names = ["onSuccess", "newPasswordRequired", "totpRequired", "mfaSetup", "mfaRequired"];
    const answers = names.map((name) => [name, (...given) => resolve([name, ...given])]);
    start({ ...Object.fromEntries(answers), onFailure: reject });
  });
}

/** Await a callback in Node's style. */
function done(start) {
  return new Promise((resolve, reject) => {
    start((error, value) => (error ? reject(error) : resolve(value)));
  });
}

function signIn(user, Password = PASSWORD) {
  const details = new AuthenticationDetails({ Username: user.getUsername(), Password });
  return outcome((callbacks) => user.authenticateUser(details, callbacks));
}

/** Await an error with this type and message. */
function refused(promise, code, message) {
  return assert.rejects(promise, (error) => {
    assert.deepEqual([error.code, error.message], [code, message]);
    return true;
  });
}

test("it signs in over SRP and stays signed in", async () => {
  const user = await settled("srp");

  const [name, session] = await signIn(user);

  assert.equal(name, "onSuccess");
  assert.ok(session.isValid());
  const id = session.getIdToken().payload;
  assert.equal(id["cognito:username"], "srp");
  assert.equal(id.iss, `${MOCK}/${UserPoolId}`);
  assert.equal(session.getAccessToken().payload.client_id, Pool.getClientId());
  const attributes = await done((callback) => user.getUserAttributes(callback));
  assert.deepEqual(
    attributes.filter((one) => one.getName() === "email").map((one) => one.getValue()),
    ["srp@example.org"],
  );
  const remembered = await done((callback) => Pool.getCurrentUser().getSession(callback));
  assert.equal(remembered.getAccessToken().getJwtToken(), session.getAccessToken().getJwtToken());
});

test("a wrong password and an unknown user are refused in the service's words", async () => {
  const user = await settled("wrong");
  await refused(
    signIn(user, "Wrong-Horse-1"),
    "NotAuthorizedException",
    "Incorrect username or password.",
  );
  const nobody = new CognitoUser({ Username: "nobody", Pool });
  await refused(signIn(nobody), "UserNotFoundException", "User does not exist.");
});

test("an invited user chooses a password and fills in what is missing", async () => {
  const user = await invited("rosa");
  const [name, attributes, required] = await signIn(user, TEMPORARY);
  assert.equal(name, "newPasswordRequired");
  assert.deepEqual(required, ["name"]);
  assert.equal(attributes.email, "rosa@example.org");
  const answer = (password, more) =>
    outcome((callbacks) => user.completeNewPasswordChallenge(password, more, callbacks));
  await refused(
    answer(PASSWORD, {}),
    "InvalidParameterException",
    "Invalid attributes given, name is missing",
  );
  await refused(
    answer("Short1!", { name: "Rosa" }),
    "InvalidPasswordException",
    "Password did not conform with policy: Password not long enough",
  );

  const [finished, session] = await answer(PASSWORD, { name: "Rosa" });

  assert.equal(finished, "onSuccess");
  assert.equal(session.getIdToken().payload.name, "Rosa");
  assert.equal((await signIn(user))[0], "onSuccess");
  await refused(
    signIn(user, TEMPORARY),
    "NotAuthorizedException",
    "Incorrect username or password.",
  );
});

/** Give a signed-in user an authenticator app; the secret. It uses up the code of now. */
async function withApp(user) {
  const secret = await new Promise((resolve, reject) => {
    user.associateSoftwareToken({ associateSecretCode: resolve, onFailure: reject });
  });
  const verify = (code) =>
    outcome((callbacks) => user.verifySoftwareToken(code, "phone", callbacks));
  await refused(verify(wrongTotp(secret)), "EnableSoftwareTokenMFAException", "Code mismatch");
  assert.equal((await verify(totp(secret)))[0], "onSuccess");
  return secret;
}

test("an authenticator app is set up, and then stands between password and tokens", async () => {
  const user = await settled("totp");
  await signIn(user);
  const secret = await withApp(user);
  const preferred = { PreferredMfa: true, Enabled: true };
  const set = await done((callback) => user.setUserMfaPreference(null, preferred, callback));
  assert.equal(set, "SUCCESS");

  const [name, , parameters] = await signIn(user);
  assert.equal(name, "totpRequired");
  assert.equal(parameters.FRIENDLY_DEVICE_NAME, "phone");
  const answer = (code) =>
    outcome((callbacks) => user.sendMFACode(code, callbacks, "SOFTWARE_TOKEN_MFA"));
  await refused(
    answer(wrongTotp(secret)),
    "CodeMismatchException",
    "Invalid code received for user",
  );
  const code = totp(secret, 1);
  assert.equal((await answer(code))[0], "onSuccess");

  await signIn(user);
  await refused(
    answer(code),
    "ExpiredCodeException",
    "Your software token has already been used once.",
  );
});

test("where a second factor is required, it is set up before there are tokens", async () => {
  const user = await settled("setup");
  await admin.setUserPoolMfaConfig({
    UserPoolId,
    SoftwareTokenMfaConfiguration: { Enabled: true },
    MfaConfiguration: "ON",
  });
  try {
    const [name, , parameters] = await signIn(user);
    assert.equal(name, "mfaSetup");
    assert.deepEqual(JSON.parse(parameters.MFAS_CAN_SETUP), ["SOFTWARE_TOKEN_MFA"]);
    assert.equal(user.getSignInUserSession(), null);

    await withApp(user);

    assert.ok(user.getSignInUserSession().isValid());
  } finally {
    await admin.setUserPoolMfaConfig({
      UserPoolId,
      SoftwareTokenMfaConfiguration: { Enabled: true },
      MfaConfiguration: "OPTIONAL",
    });
  }
});

test("it refreshes its session until it signs out", async () => {
  const user = await settled("refresh");
  const [, session] = await signIn(user);
  const refresh = () =>
    done((callback) => user.refreshSession(session.getRefreshToken(), callback));

  const renewed = await refresh();

  const before = session.getAccessToken();
  assert.notEqual(renewed.getAccessToken().getJwtToken(), before.getJwtToken());
  assert.equal(renewed.getAccessToken().payload.origin_jti, before.payload.origin_jti);
  await done((callback) => user.signOut(callback)); // revokes the refresh token
  assert.equal(Pool.getCurrentUser(), null);
  await refused(refresh(), "NotAuthorizedException", "Refresh Token has been revoked");
});

test("global sign-out ends every session", async () => {
  const user = await settled("everywhere");
  await signIn(user);
  const elsewhere = new CognitoUser({ Username: "everywhere", Pool });
  const [, other] = await signIn(elsewhere);

  await outcome((callbacks) => user.globalSignOut(callbacks));

  elsewhere.setSignInUserSession(other);
  await refused(
    done((callback) => elsewhere.getUserAttributes(callback)),
    "NotAuthorizedException",
    "Access Token has been revoked",
  );
});
