import { signInUrl } from "../lib/cognito";

export default function Home() {
  return (
    <main>
      <h1>Orders</h1>
      <a href={signInUrl()}>Sign in</a>
    </main>
  );
}
