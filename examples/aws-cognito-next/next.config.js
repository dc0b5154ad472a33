// Written into the pages when they are built: they run in the browser, too.
const names = [
  "USER_POOL_REGION",
  "USER_POOL_ID",
  "USER_POOL_CLIENT_ID",
  "AUTH_COOKIE_DOMAIN",
  "IDP_DOMAIN",
  "REDIRECT_SIGN_IN",
  "REDIRECT_SIGN_OUT",
];

module.exports = { env: Object.fromEntries(names.map((name) => [name, process.env[name]])) };
