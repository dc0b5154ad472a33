// NextAuth.js ends its own session only. The browser comes here next, and ends the pool's as well;
// otherwise the next "Sign in" would need no password (Cognito's session lasts an hour).
export default async function handler(req, res) {
  const discovery = await fetch(`${process.env.COGNITO_ISSUER}/.well-known/openid-configuration`);
  const { end_session_endpoint } = await discovery.json();
  const query = new URLSearchParams({
    client_id: process.env.COGNITO_CLIENT_ID,
    logout_uri: new URL("/", process.env.NEXTAUTH_URL).href,
  });
  res.redirect(302, `${end_session_endpoint}?${query}`);
}
