import Head from "next/head";
import Link from "next/link";
import { signIn, signOut, useSession } from "next-auth/react";

export default function Home() {
  const { data: session, status } = useSession();

  return (
    <main>
      <Head>
        <title>NextAuth.js and Amazon Cognito</title>
      </Head>
      {status === "unauthenticated" && (
        <>
          <h1>Nobody is signed in</h1>
          <button type="button" onClick={() => signIn("cognito", { callbackUrl: "/protected" })}>
            Sign in
          </button>
        </>
      )}
      {status === "authenticated" && (
        <>
          <h1>Welcome, {session.user.name ?? session.user.email}</h1>
          <p>
            <Link href="/protected">Protected page</Link>
          </p>
          <button type="button" onClick={() => signOut({ callbackUrl: "/api/signed-out" })}>
            Sign out
          </button>
        </>
      )}
    </main>
  );
}
