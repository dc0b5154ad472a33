// Loaded into prepare-pems (node --require): its https connections end at the TLS front, whatever
// host they are meant for. The certificate is still checked, and for the name that was asked for.
const https = require("node:https");

Object.assign(https.globalAgent.options, { host: "127.0.0.1", port: process.env.TLS_PORT });
