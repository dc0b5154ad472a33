import "@aws-amplify/auth"; // registers itself with the core
import Amplify from "@aws-amplify/core";
import type { AppProps } from "next/app";

Amplify.configure({
  Auth: {
    region: process.env.USER_POOL_REGION,
    userPoolId: process.env.USER_POOL_ID,
    userPoolWebClientId: process.env.USER_POOL_CLIENT_ID,
    // Tokens in cookies, so that the server sees them.
    cookieStorage: {
      domain: process.env.AUTH_COOKIE_DOMAIN,
      path: "/",
      expires: 7,
      secure: process.env.REDIRECT_SIGN_IN!.startsWith("https:"),
    },
  },
  oauth: {
    domain: process.env.IDP_DOMAIN,
    scope: ["email", "openid"],
    redirectSignIn: process.env.REDIRECT_SIGN_IN,
    redirectSignOut: process.env.REDIRECT_SIGN_OUT,
    responseType: "token",
  },
});

export default function App({ Component, pageProps }: AppProps) {
  return <Component {...pageProps} />;
}
