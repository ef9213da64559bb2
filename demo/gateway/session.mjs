/**
 * Answers nginx's question who may use the chat: 204 for a visitor with a session of yours, else 401. An example, complete
 * enough to run: `SESSION_SECRET=… node session.mjs`. Who gets a session is your sign-in's business, and not known here.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const NAME = 'chat_session';

/**
 * What your sign-in answers as `Set-Cookie`. The cookie says until when it holds, signed: nothing has to be stored.
 * No script can read it (HttpOnly), and no request of another site carries it (SameSite).
 * @param {string} secret long and random, for example of `openssl rand -hex 32`
 */
export function sessionCookie(secret, seconds = 24 * 60 * 60) {
  const until = String(Math.floor(Date.now() / 1000) + seconds);
  return `${NAME}=${until}.${sign(until, secret)}; Max-Age=${seconds}; Path=/; HttpOnly; Secure; SameSite=Lax`;
}

/**
 * @param {string | undefined} cookies the `Cookie` header of a request
 * @param {string} secret
 */
export function hasSession(cookies, secret) {
  const [, until = '', signature = ''] = new RegExp(`(?:^|; )${NAME}=(\\d+)\\.(\\w+)`).exec(cookies ?? '') ?? [];
  const [given, right] = [signature, sign(until, secret)].map(text => Buffer.from(text));
  return given.length === right.length && timingSafeEqual(given, right) && Number(until) > Date.now() / 1000;
}

/** @param {string} secret */
export const createSessions = secret =>
  createServer((request, response) => {
    // A yes or a no must not be kept by anybody.
    response.writeHead(hasSession(request.headers.cookie, secret) ? 204 : 401, { 'Cache-Control': 'no-store' }).end();
  });

/** @param {string} text @param {string} secret */
function sign(text, secret) {
  return createHmac('sha256', secret).update(text).digest('hex');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { SESSION_SECRET: secret, PORT: port = '3001' } = process.env;
  if (!secret) throw new Error('SESSION_SECRET is not set');
  createSessions(secret).listen(Number(port), '127.0.0.1');
}
