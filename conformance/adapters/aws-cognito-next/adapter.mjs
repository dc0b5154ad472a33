// aws-cognito-next's getServerSideAuth, with the keys as its prepare-pems writes them.
import { generateKeyPairSync, sign } from "node:crypto";
import { createRequire } from "node:module";
import { serve } from "../cvap.mjs";

console.log = console.error; // it logs what it refuses; stdout is the protocol's
const require = createRequire(import.meta.url);
const Auth = require("@aws-amplify/auth").default, jwkToPem = require("jwk-to-pem");
const { createGetServerSideAuth, getCognitoCookieInfo } = require("aws-cognito-next");
const wallClock = Date.now, SLOTS = { id: "idToken", access: "accessToken" };

// It wants both tokens at once. The one that is not judged is good: of a key of this adapter's own.
const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const encode = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
function companion(now, client) {
  const claims = { aud: client, client_id: client, exp: Math.floor(now) + 3600 };
  const input = `${encode({ alg: "RS256", kid: "companion" })}.${encode(claims)}`;
  return `${input}.${sign("sha256", input, privateKey).toString("base64url")}`;
}
let config, getServerSideAuth;

await serve({
  hello: {
    implementation: {
      name: "aws-cognito-next", version: require("aws-cognito-next/package.json").version,
      language: "javascript", homepage: "https://github.com/dferber90/aws-cognito-next",
    },
    capabilities: ["verify", "jwks.static", "clock.token", "cookies"],
    limits: { leeway_s: 0 },
  },
  unsupported: (asked) => [
    ...(asked.client_ids.length === 1 ? [] : ["client_ids"]), ...(asked.token_use ? [] : ["token_use"]),
    ...["leeway_s", "required_scopes", "required_groups"].filter((name) => asked[name]?.length ?? asked[name]),
  ],
  configure(given) {
    config = given;
    const { region, user_pool_id: userPoolId, client_ids: [userPoolWebClientId] } = config;
    const pems = { companion: publicKey.export({ type: "spki", format: "pem" }) };
    for (const key of config.jwks.keys) pems[key.kid] = jwkToPem(key);
    Auth.configure({ region, userPoolId, userPoolWebClientId });
    getServerSideAuth = createGetServerSideAuth({ pems: { [region]: { [userPoolId]: pems } } });
  },
  verify(token, now) {
    const [client] = config.client_ids, prefix = `CognitoIdentityServiceProvider.${client}`;
    Date.now = () => now * 1000;
    const cookies = [`${prefix}.LastAuthUser=ana`];
    for (const [use, slot] of Object.entries(SLOTS)) {
      const value = use === config.token_use ? token : companion(now, client);
      cookies.push(`${prefix}.ana.${slot}=${encodeURIComponent(value)}`); // as js-cookie does
    }
    const auth = getServerSideAuth({ headers: { cookie: cookies.join("; ") } });
    Date.now = wallClock;
    return auth && auth[`${SLOTS[config.token_use]}Data`];
  },
  rejection: () => undefined,
  cookies({ headers, client_id: client }) {
    const { lastUser: username, idToken: id, accessToken: access } = getCognitoCookieInfo(headers.join("; "), client);
    return { username, tokens: { id, access } }; // it does not read the refresh token
  },
});
