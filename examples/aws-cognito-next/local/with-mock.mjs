// node local/with-mock.mjs COMMAND...
//
// Runs COMMAND while a TLS front stands before the mock, for the two places where https is not a
// matter of configuration: Amplify puts `https://` before its OAuth domain, and `prepare-pems`
// fetches the keys from AWS's own host name. A real pool needs nothing of this folder.
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import { fileURLToPath } from "node:url";
import { generate } from "selfsigned";

const { COGNITO_MOCK_URL, TLS_PORT, USER_POOL_REGION, USER_POOL_ID } = process.env;
const CERTIFICATE = fileURLToPath(new URL("certificate.pem", import.meta.url));
const HOOK = fileURLToPath(new URL("aws-is-here.cjs", import.meta.url));

async function makeCertificate() {
  const names = ["localhost", `cognito-idp.${USER_POOL_REGION}.amazonaws.com`];
  const altNames = names.map((value) => ({ type: 2, value }));
  const made = await generate([{ name: "commonName", value: "cognito-mock" }], {
    keyType: "ec",
    extensions: [{ name: "subjectAltName", altNames }],
  });
  writeFileSync(CERTIFICATE, made.cert);
  return { cert: made.cert, key: made.private };
}

function forward(request, response) {
  const passedOn = http.request(COGNITO_MOCK_URL, {
    method: request.method,
    path: request.url,
    // The mock believes these from this machine; its links and cookies then fit https.
    headers: {
      ...request.headers,
      "x-forwarded-proto": "https",
      "x-forwarded-host": request.headers.host,
    },
  });
  passedOn.on("response", (answer) => {
    response.writeHead(answer.statusCode, answer.rawHeaders);
    answer.pipe(response);
  });
  passedOn.on("error", () => {
    response.writeHead(502).end(`No cognito-mock at ${COGNITO_MOCK_URL}\n`);
  });
  request.pipe(passedOn);
}

function preparePems() {
  const words = ["prepare-pems", "--region", USER_POOL_REGION, "--userPoolId", USER_POOL_ID];
  const NODE_OPTIONS = `--require ${JSON.stringify(HOOK)}`;
  const env = { ...process.env, NODE_OPTIONS, NODE_EXTRA_CA_CERTS: CERTIFICATE };
  const child = spawn("npx", ["--no-install", ...words], { env, stdio: "inherit" });
  return new Promise((resolve) => child.on("exit", resolve));
}

const front = https.createServer(await makeCertificate(), forward);
await new Promise((resolve) => front.listen(Number(TLS_PORT), "127.0.0.1", resolve));
if ((await preparePems()) !== 0) {
  console.error(`There are no keys: does cognito-mock run at ${COGNITO_MOCK_URL}?`);
  process.exit(1);
}
const [command, ...words] = process.argv.slice(2);
const child = spawn(command, words, { stdio: "inherit" });
child.on("exit", (code) => process.exit(code ?? 1));
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.on(signal, () => child.kill(signal));
}
