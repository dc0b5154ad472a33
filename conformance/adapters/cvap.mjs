// The loop of the Node adapters: one JSON object a line. Needs nothing of the suite.
import { createInterface } from "node:readline";

export class Rejected extends Error {
  constructor(reason) { super(reason); this.reason = reason; }
}

// The steps of AWS's page "Verifying JSON web tokens" that a general library knows nothing of.
export function checkCognito(claims, config) {
  const use = claims.token_use;
  const known = use === "access" || use === "id";
  if (!known || (config.token_use !== null && use !== config.token_use)) throw new Rejected("token_use");
  if (!config.client_ids.includes(use === "id" ? claims.aud : claims.client_id)) throw new Rejected("audience");
  const granted = `${claims.scope ?? ""}`.split(" "), groups = claims["cognito:groups"];
  if (config.required_scopes.length && !config.required_scopes.some((each) => granted.includes(each))) {
    throw new Rejected("scope");
  }
  if (config.required_groups.length
    && !(Array.isArray(groups) && config.required_groups.some((each) => groups.includes(each)))) {
    throw new Rejected("group");
  }
}

// A library has: hello, configure(config), verify(token, now) => claims or null, rejection(error) => reason or
// undefined; perhaps unsupported(config) => names of members it has no setting for, and cookies(request).
export async function serve(library) {
  let config;
  const commands = {
    hello: () => ({ protocol: 1, ...library.hello }),
    async configure(request) {
      const unsupported = library.unsupported?.(request.config) ?? [];
      if (unsupported.length) return { ok: false, message: "no such setting", unsupported };
      config = request.config;
      try { await library.configure(config); return { ok: true }; } catch (error) {
        return { ok: false, message: `${error}` };
      }
    },
    async reset() { if (config) await commands.configure({ config }); return { ok: true }; },
    async verify({ token, now }) {
      try {
        const claims = await library.verify(token, now);
        return claims === null ? { verdict: "reject", reason: "other" } : { verdict: "accept", claims };
      } catch (error) {
        const message = `${error?.constructor?.name}: ${error?.message}`.slice(0, 2000);
        const reason = error instanceof Rejected ? error.reason : library.rejection(error);
        if (reason) return { verdict: "reject", reason, message };
        return { verdict: "error", message, traceback: `${error?.stack}`.slice(0, 2000) };
      }
    },
    cookies(request) {
      try { return library.cookies(request); } catch (error) { return { verdict: "error", message: `${error}` }; }
    },
  };
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    const request = JSON.parse(line), id = request.id;
    if (request.cmd === "bye") break;
    let answer = await commands[request.cmd](request);
    try { answer = JSON.stringify({ id, ...answer }); } catch {
      // What JSON cannot hold was accepted all the same: the claims are left out, not the verdict.
      answer = JSON.stringify({ id, verdict: "accept", claims: {} });
    }
    process.stdout.write(`${answer}\n`);
  }
  process.exit(0);
}
