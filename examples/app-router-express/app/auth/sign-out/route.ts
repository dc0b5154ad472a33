import { NextResponse } from "next/server";

import { ACCESS_TOKEN, signOutUrl } from "../../../lib/cognito";

// Forgets the token, then ends the pool's session: else the next "Sign in" needs no password.
export function POST() {
  const response = NextResponse.redirect(signOutUrl(), 303);
  response.cookies.delete(ACCESS_TOKEN);
  return response;
}
