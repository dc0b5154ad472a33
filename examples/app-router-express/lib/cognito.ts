// Spelled out one by one: Next.js replaces these expressions when it builds.
const domain = process.env.NEXT_PUBLIC_COGNITO_DOMAIN!;
export const clientId = process.env.NEXT_PUBLIC_COGNITO_CLIENT_ID!;
export const redirectUri = process.env.NEXT_PUBLIC_COGNITO_REDIRECT_URI!;
const signOutUri = process.env.NEXT_PUBLIC_COGNITO_SIGN_OUT_URI!;

/** The cookie that `proxy.ts` looks for. */
export const ACCESS_TOKEN = "accessToken";

/** An address on the pool's domain; the console shows that without a scheme. */
export function hostedUi(path: string): string {
  const base = domain.startsWith("http") ? domain : `https://${domain}`;
  return `${base}${path}`;
}

export function signInUrl(): string {
  const query = new URLSearchParams({
    client_id: clientId,
    response_type: "code",
    scope: "openid email profile",
    redirect_uri: redirectUri,
  });
  return hostedUi(`/login?${query}`);
}

export function signOutUrl(): string {
  const query = new URLSearchParams({ client_id: clientId, logout_uri: signOutUri });
  return hostedUi(`/logout?${query}`);
}
