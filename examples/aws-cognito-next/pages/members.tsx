import type { GetServerSideProps } from "next";

import { getServerSideAuth } from "../auth";

export default function Members({ email }: { email: string }) {
  return (
    <main>
      <h1>Members</h1>
      <p>
        Only for <strong id="email">{email}</strong>.
      </p>
    </main>
  );
}

// Protected on the server: whoever has no good cookies gets nothing of this page.
export const getServerSideProps: GetServerSideProps = async ({ req }) => {
  const auth = getServerSideAuth(req);
  if (!auth) {
    return { redirect: { destination: "/", permanent: false } };
  }
  return { props: { email: auth.idTokenData.email } };
};
