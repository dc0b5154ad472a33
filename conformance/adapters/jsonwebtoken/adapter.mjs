// jsonwebtoken with the keys of jwks-rsa, whose options are its defaults, as the two READMEs have it.
import { createRequire } from "node:module";
import jwt from "jsonwebtoken";
import jwksClient from "jwks-rsa";
import { checkCognito, serve } from "../cvap.mjs";

const { version } = createRequire(import.meta.url)("jsonwebtoken/package.json");
let config, client;

const getKey = (header, callback) => {
  client.getSigningKey(header.kid, (error, key) => callback(error, key?.getPublicKey()));
};

// Its cache of keys asks for the time, too, and remembers the answer for a millisecond.
async function setClock(now) {
  if (Date.now() === now * 1000) return;
  Date.now = performance.now = () => now * 1000;
  await new Promise((resolve) => setTimeout(resolve, 3));
}

await serve({
  hello: {
    implementation: { name: "jsonwebtoken, jwks-rsa", version, language: "javascript", homepage: "https://github.com/auth0/node-jwks-rsa" },
    capabilities: ["verify", "jwks.http", "clock.token", "clock.cache", "reasons"],
    limits: { leeway_s: 0, jwks_cooldown_s: 0, jwks_ttl_s: 600 },
  },
  configure(given) {
    config = given;
    client = jwksClient({ jwksUri: config.jwks_uri });
  },
  async verify(token, now) {
    await setClock(now);
    const options = {
      algorithms: ["RS256"], issuer: config.issuers, clockTimestamp: now, clockTolerance: config.leeway_s,
      audience: config.token_use === "id" ? config.client_ids : undefined,
    };
    const claims = await new Promise((resolve, reject) => {
      jwt.verify(token, getKey, options, (error, decoded) => (error ? reject(error) : resolve(decoded)));
    });
    checkCognito(claims, config);
    return claims;
  },
  rejection(error) {
    if (error instanceof jwt.TokenExpiredError) return "expired";
    if (error instanceof jwt.NotBeforeError) return "not_yet_valid";
    return error instanceof jwt.JsonWebTokenError ? "other" : undefined;
  },
});
