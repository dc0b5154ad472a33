// What scenarios need besides the client they are about: the mock's inbox and an authenticator app.
import { createHmac } from "node:crypto";

export const MOCK = process.env.MOCK_URL;
export const REGION = "us-east-1";

/** What the pool sent, newest last. */
export async function inbox(pool) {
  const answer = await fetch(`${MOCK}/_mock/api/messages?pool=${pool}`);
  return (await answer.json()).messages;
}

/**
 * The code of now or of `steps` later: RFC 6238 with its defaults (SHA-1, 30 seconds, 6 digits).
 * No code works twice and one step of skew is tolerated, so a second use takes the next one.
 */
export function totp(secret, steps = 0) {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...secret].map((c) => alphabet.indexOf(c).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((octet) => Number.parseInt(octet, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const digest = createHmac("sha1", key).update(counter).digest();
  const number = digest.readUInt32BE(digest[19] & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, "0");
}

/** Six digits that no step around now has. */
export function wrongTotp(secret) {
  const taken = new Set([-3, -2, -1, 0, 1, 2, 3].map((steps) => totp(secret, steps)));
  return ["000000", "111111", "222222", "333333", "444444", "555555", "666666", "777777"].find(
    (code) => !taken.has(code),
  );
}
