import { useRouter } from "next/router";
import { useCallback } from "react";

import { sync, useAuthRedirect } from "../auth";

// The pool sends the browser here with the tokens in the fragment, which no server sees. Amplify
// moves them into cookies; only then can a page be rendered for the user.
export default function Token() {
  const router = useRouter();
  const onToken = useCallback(() => {
    // Amplify often has removed the fragment before the hook looks for it. The hook then takes this
    // for a visit without tokens and tells the other tabs nothing.
    sync("login");
    router.replace("/");
  }, [router]);
  useAuthRedirect(onToken);
  return <p>One moment…</p>;
}
