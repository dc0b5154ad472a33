// jose's jwtVerify with a local or a remote key set, as its documentation has it.
import { readFileSync } from "node:fs";
import { createLocalJWKSet, createRemoteJWKSet, errors, jwtVerify } from "jose";
import { checkCognito, serve } from "../cvap.mjs";

const { version } = JSON.parse(readFileSync(new URL("node_modules/jose/package.json", import.meta.url)));
const REASONS = {
  ERR_JWT_EXPIRED: "expired", ERR_JWS_SIGNATURE_VERIFICATION_FAILED: "signature", ERR_JOSE_ALG_NOT_ALLOWED: "algorithm",
  ERR_JWKS_NO_MATCHING_KEY: "key", ERR_JWKS_MULTIPLE_MATCHING_KEYS: "key", ERR_JWKS_INVALID: "key",
  ERR_JWKS_TIMEOUT: "key", ERR_JWS_INVALID: "malformed", ERR_JWT_INVALID: "malformed",
};
const CLAIMS = { iss: "issuer", aud: "audience", nbf: "not_yet_valid" };
let config, keys;

await serve({
  hello: {
    implementation: { name: "jose", version, language: "javascript", homepage: "https://github.com/panva/jose" },
    capabilities: ["verify", "jwks.static", "jwks.http", "clock.token", "reasons"],
    limits: { leeway_s: 0, jwks_cooldown_s: 30, jwks_ttl_s: 600 },
  },
  configure(given) {
    config = given;
    keys = config.jwks ? createLocalJWKSet(config.jwks) : createRemoteJWKSet(new URL(config.jwks_uri));
  },
  async verify(token, now) {
    const { payload } = await jwtVerify(token, keys, {
      algorithms: ["RS256"], issuer: config.issuers, clockTolerance: config.leeway_s, requiredClaims: ["exp"],
      audience: config.token_use === "id" ? config.client_ids : undefined, currentDate: new Date(now * 1000),
    });
    checkCognito(payload, config);
    return payload;
  },
  rejection(error) {
    if (!(error instanceof errors.JOSEError)) return undefined;
    if (error.code === "ERR_JWT_CLAIM_VALIDATION_FAILED") return CLAIMS[error.claim] ?? "other";
    return REASONS[error.code] ?? "other";
  },
});
