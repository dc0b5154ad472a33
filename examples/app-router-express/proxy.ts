import { NextResponse, type NextRequest } from "next/server";

import { ACCESS_TOKEN } from "./lib/cognito";

// Spares visitors a page that has nothing for them. It only looks whether there is a cookie: who
// the visitor is, the API decides.
export function proxy(request: NextRequest) {
  if (!request.cookies.has(ACCESS_TOKEN)) {
    return NextResponse.redirect(new URL("/", request.url));
  }
  return NextResponse.next();
}

export const config = { matcher: "/dashboard/:path*" };
