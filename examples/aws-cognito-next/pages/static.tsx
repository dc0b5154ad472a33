import { useAuth } from "../auth";

// The same page for everybody, made when the application is built; the browser fills in the name.
export default function Static() {
  const auth = useAuth(null);
  return <h1>Welcome, {auth ? auth.idTokenData["cognito:username"] : "stranger"}</h1>;
}
