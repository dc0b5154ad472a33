import Link from "next/link";
import { getServerSession } from "next-auth/next";

import { authOptions } from "../lib/auth-options";

export default function Protected({ session }) {
  return (
    <main>
      <h1>Protected page</h1>
      <p>
        Only for <strong id="email">{session.user.email}</strong>.
      </p>
      <p>
        <Link href="/">Home</Link>
      </p>
    </main>
  );
}

// Runs on the server before anything of the page is sent: the session cookie is decrypted here, and
// whoever has none goes back to the page with the button.
export async function getServerSideProps({ req, res }) {
  const session = await getServerSession(req, res, authOptions);
  if (!session) {
    return { redirect: { destination: "/", permanent: false } };
  }
  // Next.js can send no undefined member, and a user without a picture has one.
  return { props: { session: JSON.parse(JSON.stringify(session)) } };
}
