// Verify tokens with the generic verifier of aws-jwt-verify.
// stdin: {"issuer", "clientId", "jwks", "tokens": {name: {"token", "use"}}}; stdout: {name: null | error class}.
// Its own fetcher speaks https only, so the caller hands over the key set that it fetched over http.
import { JwtVerifier } from "aws-jwt-verify";

let text = "";
for await (const chunk of process.stdin) text += chunk;
const { issuer, clientId, jwks, tokens } = JSON.parse(text);

const verifiers = {
  // Access tokens have no aud (the client is in client_id), which the generic verifier cannot check.
  id: JwtVerifier.create({ issuer, audience: clientId, jwksUri: `${issuer}/.well-known/jwks.json` }),
  access: JwtVerifier.create({
    issuer,
    audience: null,
    jwksUri: `${issuer}/.well-known/jwks.json`,
    customJwtCheck: ({ payload }) => {
      if (payload.client_id !== clientId) throw new Error("client_id");
    },
  }),
};
const verdicts = {};
for (const [name, { token, use }] of Object.entries(tokens)) {
  verifiers[use].cacheJwks(jwks);
  try {
    await verifiers[use].verify(token);
    verdicts[name] = null;
  } catch (error) {
    verdicts[name] = error.constructor.name;
  }
}
console.log(JSON.stringify(verdicts));
