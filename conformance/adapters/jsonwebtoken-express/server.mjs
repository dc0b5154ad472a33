// An Express API whose middleware is what tutorials show: jwks-rsa with its defaults, jsonwebtoken with
// the issuer as its one option. The addresses alone are the suite's. Judged over HTTP:
// cognito-conformance run --adapter http://127.0.0.1:$PORT/api/user/profile …
import express from "express";
import jwt from "jsonwebtoken";
import jwksClient from "jwks-rsa";

const { COGNITO_ISSUER: issuer, COGNITO_JWKS_URI: jwksUri, PORT = "8000" } = process.env;
const client = jwksClient({ jwksUri });

function getKey(header, done) {
  client.getSigningKey(header.kid, (error, key) => done(error, key?.getPublicKey()));
}

function requireAuth(request, response, next) {
  const token = request.headers.authorization?.replace("Bearer ", "");
  if (!token) return response.status(401).json({ error: "Missing token" });
  jwt.verify(token, getKey, { issuer }, (error, claims) => {
    if (error) return response.status(401).json({ error: "Invalid token" });
    request.user = claims;
    next();
  });
}

const app = express();
app.get("/api/user/profile", requireAuth, (request, response) => {
  response.json({ sub: request.user.sub, email: request.user.email });
});
app.listen(Number(PORT), "127.0.0.1");
