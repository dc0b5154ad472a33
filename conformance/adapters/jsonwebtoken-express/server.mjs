// An Express API behind jsonwebtoken and jwks-rsa, as the README of jsonwebtoken joins the two.
// Judged over HTTP: cognito-conformance run --adapter http://127.0.0.1:$PORT/me …
import express from "express";
import jwt from "jsonwebtoken";
import jwksClient from "jwks-rsa";

const { COGNITO_ISSUER, COGNITO_JWKS_URI, COGNITO_CLIENT_IDS, PORT = "8000" } = process.env;
const client = jwksClient({ jwksUri: COGNITO_JWKS_URI });
const getKey = (header, callback) => {
  client.getSigningKey(header.kid, (error, key) => callback(error, key?.getPublicKey()));
};

function authenticate(request, response, next) {
  const [scheme, token] = (request.headers.authorization ?? "").split(" ");
  if (scheme !== "Bearer") return response.sendStatus(401);
  jwt.verify(token, getKey, { algorithms: ["RS256"], issuer: COGNITO_ISSUER }, (error, claims) => {
    if (error) return response.status(401).json({ error: error.message });
    // The steps of AWS's page "Verifying JSON web tokens" that a general library knows nothing of.
    if (claims.token_use !== "access" || !COGNITO_CLIENT_IDS.split(",").includes(claims.client_id)) {
      return response.sendStatus(401);
    }
    request.claims = claims;
    next();
  });
}

const app = express();
app.get("/me", authenticate, (request, response) => response.json({ username: request.claims.username }));
app.listen(Number(PORT), "127.0.0.1");
