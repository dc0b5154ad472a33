import express from "express";

import { requireAuth } from "./require-auth.mjs";

const app = express();

app.get("/api/user/profile", requireAuth, (request, response) => {
  response.json({ sub: request.user.sub, username: request.user.username });
});

const { hostname, port } = new URL(process.env.API_URL);
app.listen(Number(port || 80), hostname);
