// fast-jwt's createVerifier with the keys of get-jwks, as the two READMEs have it.
import { readFileSync } from "node:fs";
import { createVerifier, TokenError } from "fast-jwt";
import buildGetJwks from "get-jwks";
import { checkCognito, serve } from "../cvap.mjs";

const { version } = JSON.parse(readFileSync(new URL("node_modules/fast-jwt/package.json", import.meta.url)));
const REASONS = {
  FAST_JWT_EXPIRED: "expired", FAST_JWT_INACTIVE: "not_yet_valid", FAST_JWT_INVALID_SIGNATURE: "signature",
  FAST_JWT_INVALID_ALGORITHM: "algorithm", FAST_JWT_KEY_FETCHING_ERROR: "key", FAST_JWT_MALFORMED: "malformed",
};
let config, key;

await serve({
  hello: {
    implementation: { name: "fast-jwt", version, language: "javascript", homepage: "https://github.com/nearform/fast-jwt" },
    capabilities: ["verify", "jwks.http", "clock.token", "reasons"],
    limits: { leeway_s: 0, jwks_cooldown_s: 60, jwks_ttl_s: 60 },
  },
  configure(given) {
    config = given;
    const domain = config.jwks_uri.slice(0, -".well-known/jwks.json".length), jwks = buildGetJwks();
    key = ({ header }) => jwks.getPublicKey({ kid: header.kid, alg: header.alg, domain });
  },
  async verify(token, now) {
    const claims = await createVerifier({
      key, algorithms: ["RS256"], allowedIss: config.issuers, requiredClaims: ["exp", "iss"],
      allowedAud: config.token_use === "id" ? config.client_ids : undefined,
      clockTimestamp: now * 1000, clockTolerance: config.leeway_s * 1000,
    })(token);
    checkCognito(claims, config);
    return claims;
  },
  rejection: (error) => (error instanceof TokenError ? REASONS[error.code] ?? "other" : undefined),
});
