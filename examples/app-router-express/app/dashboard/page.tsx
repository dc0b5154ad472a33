import { cookies } from "next/headers";
import { redirect } from "next/navigation";

import { ACCESS_TOKEN } from "../../lib/cognito";

export default async function Dashboard() {
  const token = (await cookies()).get(ACCESS_TOKEN)?.value;
  const answer = await fetch(`${process.env.API_URL}/api/user/profile`, {
    headers: { Authorization: `Bearer ${token}` },
    cache: "no-store",
  });
  if (answer.status === 401) {
    redirect("/");
  }
  const profile = await answer.json();
  return (
    <main>
      <h1>Dashboard</h1>
      <p>
        Welcome, <strong id="username">{profile.username}</strong> (<code id="sub">{profile.sub}</code>).
      </p>
      <form action="/auth/sign-out" method="post">
        <button type="submit">Sign out</button>
      </form>
    </main>
  );
}
