import { NextResponse, type NextRequest } from "next/server";

import { ACCESS_TOKEN, clientId, hostedUi, redirectUri } from "../../../lib/cognito";

// A route handler and no page: a page cannot set cookies while it renders.
export async function GET(request: NextRequest) {
  const code = request.nextUrl.searchParams.get("code");
  const tokens = code && (await exchange(code));
  if (!tokens) {
    return NextResponse.redirect(new URL("/", redirectUri));
  }
  const response = NextResponse.redirect(new URL("/dashboard", redirectUri));
  response.cookies.set(ACCESS_TOKEN, tokens.access_token, {
    httpOnly: true,
    maxAge: tokens.expires_in,
    path: "/",
    sameSite: "lax",
    secure: redirectUri.startsWith("https:"),
  });
  return response;
}

async function exchange(code: string) {
  const answer = await fetch(hostedUi("/oauth2/token"), {
    method: "POST",
    headers: { "Content-Type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({
      grant_type: "authorization_code",
      client_id: clientId,
      code,
      redirect_uri: redirectUri,
    }),
  });
  return answer.ok ? answer.json() : null;
}
