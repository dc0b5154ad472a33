import jwt from "jsonwebtoken";
import jwksClient from "jwks-rsa";

const issuer =
  process.env.COGNITO_ISSUER ??
  `https://cognito-idp.${process.env.AWS_REGION}.amazonaws.com/${process.env.COGNITO_USER_POOL_ID}`;
const clientId = process.env.NEXT_PUBLIC_COGNITO_CLIENT_ID;
const keys = jwksClient({ jwksUri: `${issuer}/.well-known/jwks.json`, rateLimit: true });

function getKey(header, done) {
  keys.getSigningKey(header.kid, (error, key) => done(error, key?.getPublicKey()));
}

// Without these two lines an id token, or an access token that another application of the same pool
// got, would open this API.
function isForUs(claims) {
  return claims.token_use === "access" && claims.client_id === clientId;
}

export function requireAuth(request, response, next) {
  const [scheme, token] = (request.headers.authorization ?? "").split(" ");
  if (scheme !== "Bearer" || !token) {
    response.status(401).json({ error: "Missing token" });
    return;
  }
  jwt.verify(token, getKey, { algorithms: ["RS256"], issuer }, (error, claims) => {
    if (error || !isForUs(claims)) {
      response.status(401).json({ error: "Invalid token" });
      return;
    }
    request.user = claims;
    next();
  });
}
