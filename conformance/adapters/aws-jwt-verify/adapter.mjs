// Answers the Cognito conformance protocol (CVAP 1) with aws-jwt-verify, used as its README says.
import { createRequire } from "node:module"; import { createInterface } from "node:readline";
import { CognitoJwtVerifier } from "aws-jwt-verify";
import * as errors from "aws-jwt-verify/error";
import { SimpleJwksCache } from "aws-jwt-verify/jwk";

const REASONS = Object.entries({
  malformed: /^JwtParse/, signature: /^JwtInvalidSignatureError/, algorithm: /SignatureAlgorithm/,
  key: /Jwk|Kid|Fetch/, issuer: /Issuer/, scope: /Scope/, group: /Group/, token_use: /TokenUse/,
  audience: /ClientId/, expired: /Expired/, not_yet_valid: /NotBefore/, other: /./,
});
const manifest = createRequire(import.meta.url)("./node_modules/aws-jwt-verify/package.json");
const wallClock = Date.now;
let config, verifier;

// The library derives an https address from the pool; this fetches the suite's, and fails alike.
const fetcher = { async fetch(uri) {
  if (!config.jwks_uri) throw new errors.FetchError(uri, "the suite serves no keys in this case");
  try {
    const response = await fetch(config.jwks_uri, { redirect: "manual", signal: AbortSignal.timeout(3000) });
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
  configure(request) {
    config = request.config;
    try { configure(); return { ok: true }; } catch (error) { return { ok: false, message: `${error}` }; }
  },
  reset: () => { if (config) commands.configure({ config }); return { ok: true }; },
  async verify({ token, now }) {
    Date.now = () => now * 1000; // the library has no clock of its own; its cool-down uses timers
    try { return { verdict: "accept", claims: await verifier.verify(token) }; } catch (error) {
      const name = error.constructor.name, message = `${name}: ${error.message}`;
      if (!(error instanceof errors.JwtBaseError)) return { verdict: "error", message, traceback: `${error.stack}` };
      return { verdict: "reject", reason: REASONS.find(([, pattern]) => pattern.test(name))[0], message };
    } finally { Date.now = wallClock; }
  },
};

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  const request = JSON.parse(line);
  if (request.cmd === "bye") break;
  process.stdout.write(JSON.stringify({ id: request.id, ...(await commands[request.cmd](request)) }) + "\n");
}
