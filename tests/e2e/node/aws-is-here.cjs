// Loaded into a Node program from outside (node --require): a TLS connection to a host of
// AWS_IS_HERE, a JSON object of host names and ports, ends at this port of 127.0.0.1. Name and
// certificate are checked as ever, for the host that was asked for.
const tls = require("node:tls");

const here = JSON.parse(process.env.AWS_IS_HERE);
const connect = tls.connect;

tls.connect = function (options, ...rest) {
  const port = typeof options === "object" && here[options.host];
  if (!port || Number(options.port) !== 443) return connect.call(this, options, ...rest);
  const servername = options.servername || options.host;
  return connect.call(this, { ...options, host: "127.0.0.1", port, servername }, ...rest);
};
