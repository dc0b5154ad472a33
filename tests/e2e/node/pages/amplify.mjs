// A page with aws-amplify 6: its functions for whoever drives the page, its events for whoever looks.
import { Amplify } from "aws-amplify";
import * as auth from "aws-amplify/auth";
import "aws-amplify/auth/enable-oauth-listener";
import { Hub } from "aws-amplify/utils";

const events = document.body.appendChild(document.createElement("p"));
events.id = "events";
Hub.listen("auth", ({ payload: { event, data } }) => {
  events.append(`${event} ${data?.error?.message ?? (typeof data === "string" ? data : "")}; `);
});
Amplify.configure(JSON.parse(document.getElementById("settings").textContent));

// The answer of one of Amplify's functions, or what it threw.
window.amplify = async ([name, argument]) => {
  try {
    return (await auth[name](argument)) ?? {};
  } catch ({ name, message }) {
    return { error: name, message };
  }
};

// The session's tokens, as they are sent and as they are read.
window.session = async (options) => {
  const { tokens } = await auth.fetchAuthSession(options);
  const session = {};
  for (const name of ["accessToken", "idToken"]) {
    if (tokens?.[name]) session[name] = { text: `${tokens[name]}`, claims: tokens[name].payload };
  }
  return session;
};
