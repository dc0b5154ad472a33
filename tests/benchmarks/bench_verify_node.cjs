// Times aws-jwt-verify and Node's own signature check: a JSON question on stdin, an answer on stdout.
"use strict";

const { createPublicKey, verify } = require("node:crypto");
const { readFileSync } = require("node:fs");
const { createRequire } = require("node:module");

const question = JSON.parse(readFileSync(0, "utf8"));
const library = createRequire(`${question.folder}/`);
const { CognitoJwtVerifier } = library("aws-jwt-verify");

const verifier = CognitoJwtVerifier.create({
  userPoolId: question.userPoolId,
  clientId: question.clientId,
  tokenUse: "access",
});
verifier.cacheJwks(question.jwks);

const key = createPublicKey({ key: question.jwks.keys[0], format: "jwk" });
const end = question.token.lastIndexOf(".");
const data = Buffer.from(question.token.slice(0, end));
const signature = Buffer.from(question.token.slice(end + 1), "base64url");

const subjects = {
  raw: () => {
    if (!verify("RSA-SHA256", data, key, signature)) throw new Error("not verified");
  },
  library: () => verifier.verifySync(question.token),
};

const best = { raw: Infinity, library: Infinity };
for (let round = 0; round < question.rounds; round++) {
  for (const [name, subject] of Object.entries(subjects)) {
    subject();
    const started = process.hrtime.bigint();
    for (let call = 0; call < 10; call++) subject();
    best[name] = Math.min(best[name], Number(process.hrtime.bigint() - started) / 10_000);
  }
}
process.stdout.write(
  JSON.stringify({
    ...best,
    node: process.versions.node,
    openssl: process.versions.openssl,
    version: JSON.parse(
      readFileSync(`${question.folder}/node_modules/aws-jwt-verify/package.json`, "utf8"),
    ).version,
  }),
);
