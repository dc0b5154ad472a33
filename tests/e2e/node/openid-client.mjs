// A relying party with openid-client, told what to do by lines of JSON: [action, parameters].
// It answers each with a line: {"value": …}, or {"error": …} for what the package threw.
import { createInterface } from "node:readline";
import * as client from "openid-client";

let config;
let checks;

const actions = {
  async discover({ issuer, clientId, secret, post }) {
    const authentication = secret && (post ? client.ClientSecretPost : client.ClientSecretBasic)(secret);
    config = await client.discovery(new URL(issuer), clientId, undefined, authentication || client.None(), {
      execute: [client.allowInsecureRequests],
    });
    return config.serverMetadata().issuer;
  },

  async link({ redirectUri, ...more }) {
    checks = {
      pkceCodeVerifier: client.randomPKCECodeVerifier(),
      expectedState: client.randomState(),
      expectedNonce: client.randomNonce(),
      idTokenExpected: true,
    };
    const parameters = {
      redirect_uri: redirectUri,
      scope: "openid email",
      state: checks.expectedState,
      nonce: checks.expectedNonce,
      code_challenge: await client.calculatePKCECodeChallenge(checks.pkceCodeVerifier),
      code_challenge_method: "S256",
      ...more,
    };
    return client.buildAuthorizationUrl(config, parameters).href;
  },

  async redeem({ url, ...changed }) {
    client.enableNonRepudiationChecks(config); // the id token's signature, with the pool's keys
    const tokens = await client.authorizationCodeGrant(config, new URL(url), { ...checks, ...changed });
    return { ...tokens, claims: tokens.claims() };
  },

  async refresh({ token }) {
    const tokens = await client.refreshTokenGrant(config, token);
    return { ...tokens, claims: tokens.claims() };
  },

  userinfo: ({ token, sub }) => client.fetchUserInfo(config, token, sub),

  revoke: ({ token }) => client.tokenRevocation(config, token),

  machine: (parameters) => client.clientCredentialsGrant(config, parameters),

  logoutLink: (parameters) => client.buildEndSessionUrl(config, parameters).href,
};

for await (const line of createInterface({ input: process.stdin })) {
  const [action, parameters] = JSON.parse(line);
  let answer;
  try {
    answer = { value: (await actions[action](parameters)) ?? null };
  } catch ({ code, error, error_description, status, cause }) {
    answer = { error: { code, error, error_description, status: status ?? cause?.status } };
  }
  console.log(JSON.stringify(answer));
}
