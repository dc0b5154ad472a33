// A page with oidc-client-ts: the user manager for whoever drives the page.
import { UserManager, WebStorageStateStore } from "oidc-client-ts";

const settings = JSON.parse(document.getElementById("settings").textContent);
const manager = new UserManager({
  ...settings,
  userStore: new WebStorageStateStore({ store: localStorage }),
});

const shown = (user) =>
  user && { ...user, profile: user.profile, expired: user.expired, scopes: user.scopes };

// What a function of the manager gives, or what it threw.
window.manager = async ([name, ...words]) => {
  try {
    return shown(await manager[name](...words)) ?? {};
  } catch ({ name, message, error, error_description }) {
    return { thrown: name, message, error, error_description };
  }
};

if (location.pathname === "/callback") {
  const user = await window.manager(["signinCallback"]);
  document.body.innerHTML = '<p id="user"></p>';
  document.getElementById("user").textContent = user.profile?.email ?? user.message;
}
