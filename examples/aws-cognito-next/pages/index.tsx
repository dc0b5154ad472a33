import type { GetServerSideProps } from "next";
import Link from "next/link";

import { type AuthTokens, getServerSideAuth, useAuth, useAuthFunctions } from "../auth";

export default function Home({ initialAuth }: { initialAuth: AuthTokens }) {
  const auth = useAuth(initialAuth);
  const { login, logout } = useAuthFunctions();

  return auth ? (
    <main>
      <h1>Welcome, {auth.idTokenData["cognito:username"]}</h1>
      <p>
        <Link href="/members">Members</Link>
      </p>
      <button type="button" onClick={() => logout()}>
        Sign out
      </button>
    </main>
  ) : (
    <main>
      <h1>Nobody is signed in</h1>
      <button type="button" onClick={() => login()}>
        Sign in
      </button>
    </main>
  );
}

export const getServerSideProps: GetServerSideProps = async ({ req }) => ({
  props: { initialAuth: getServerSideAuth(req) },
});
