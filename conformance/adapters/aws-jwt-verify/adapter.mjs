// Answers the Cognito conformance protocol (CVAP 1) with aws-jwt-verify, used as its README says.
import { createInterface } from "node:readline";
import { CognitoJwtVerifier } from "aws-jwt-verify";
import * as errors from "aws-jwt-verify/error";
import { SimpleJwksCache } from "aws-jwt-verify/jwk";
import manifest from "./node_modules/aws-jwt-verify/package.json" with { type: "json" };

const REASONS = {
  JwtParseError: "malformed", JwtWithoutValidKidError: "key", KidNotFoundInJwksError: "key",
  WaitPeriodNotYetEndedJwkError: "key", JwksNotAvailableInCacheError: "key", FetchError: "key",
  NonRetryableFetchError: "key", JwksValidationError: "key", JwkValidationError: "key",
  JwkInvalidUseError: "key", JwkInvalidKtyError: "key", JwtInvalidSignatureError: "signature",
  JwtInvalidSignatureAlgorithmError: "algorithm", JwtInvalidIssuerError: "issuer",
  JwtInvalidScopeError: "scope", JwtExpiredError: "expired", JwtNotBeforeError: "not_yet_valid",
  CognitoJwtInvalidGroupError: "group", CognitoJwtInvalidTokenUseError: "token_use",
  CognitoJwtInvalidClientIdError: "audience",
};
const wallClock = Date.now;
let config, verifier;

// The library derives an https address from the pool; this fetches the suite's one instead, and
// fails as the library's own fetcher does.
const fetcher = { async fetch(uri) {
  if (!config.jwks_uri) throw new errors.FetchError(uri, "the suite serves no keys in this case");
  const options = { redirect: "manual", signal: AbortSignal.timeout(3000) };
  try {
    const response = await fetch(config.jwks_uri, options);
    if (response.status === 200) return await response.arrayBuffer();
    throw new errors.NonRetryableFetchError(uri, `Status code is ${response.status}`);
  } catch (error) { throw new errors.FetchError(uri, error.message); }
} };

function configure() {
  verifier = CognitoJwtVerifier.create({
    userPoolId: config.user_pool_id, tokenUse: config.token_use, clientId: config.client_ids,
    groups: config.required_groups.length ? config.required_groups : undefined,
    scope: config.required_scopes.length ? config.required_scopes : undefined,
    graceSeconds: config.leeway_s,
  }, { jwksCache: new SimpleJwksCache({ fetcher }) });
  if (config.jwks !== undefined) verifier.cacheJwks(config.jwks);
}

const commands = {
  hello: () => ({ protocol: 1, adapter: { version: "1" },
    implementation: { name: manifest.name, version: manifest.version, language: "javascript", homepage: manifest.homepage },
    capabilities: ["verify", "jwks.static", "jwks.http", "clock.token", "reasons"],
    limits: { jwks_cooldown_s: 10, jwks_ttl_s: null, leeway_s: 0 } }),
  configure(request) { config = request.config; try { configure(); return { ok: true }; } catch (error) { return { ok: false, message: `${error}` }; } },
  reset() { if (config) configure(); return { ok: true }; },
  async verify({ token, now }) {
    Date.now = () => now * 1000; // the library has no clock of its own; its cool-down uses timers
    try { return { verdict: "accept", claims: await verifier.verify(token) }; } catch (error) {
      const name = error.constructor.name, message = `${name}: ${error.message}`;
      if (!(error instanceof errors.JwtBaseError)) return { verdict: "error", message, traceback: `${error.stack}` };
      return { verdict: "reject", reason: REASONS[name] ?? "other", message };
    } finally { Date.now = wallClock; }
  },
};

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  const request = JSON.parse(line);
  if (request.cmd === "bye") break;
  process.stdout.write(JSON.stringify({ id: request.id, ...(await commands[request.cmd](request)) }) + "\n");
}
