/** A gateway on the page's own origin: the page may read whatever it says, and is told what became of its session. */
import { END, type Fault, HOLD, RESET } from '../support/fault-server.ts';
import { begun, healthy, htmlPage, proxyPage, refuses, status } from '../support/faults.ts';
import { PARTIAL } from '../support/behaviours.ts';
import { type Case, test } from './fault-page.ts';

test.use({ own: true });

const signIn = status('302 Found', 'text/html', htmlPage('302'), 'Location: /login\r\n');
const everything =
  (fault: Fault): Case['before'] =>
  ({ server }) => {
    for (const path of ['/', '/api/version', '/api/tags', '/api/ps', '/api/chat']) server.play(fault, path);
  };

const CASES: Record<string, Case> = {
  'a session that has ended: all is sent to a sign-in': { kind: 'redirected', says: ['session'], before: everything(signIn) },
  'a session that has ended, at another site': {
    kind: 'redirected',
    before: everything(status('302 Found', '', '', 'Location: https://login.example/\r\n')),
  },
  'a session that has ended: 401': {
    kind: 'unauthorized',
    says: ['401'],
    before: everything(status('401 Unauthorized', 'text/html', htmlPage('401'))),
  },
  'a rate limit': {
    kind: 'busy',
    says: ['20 s'],
    fault: status('429 Too Many Requests', 'text/html', htmlPage('429'), 'Retry-After: 20\r\n'),
  },
  'a body that is too large': {
    kind: 'too-long',
    title: 'This chat is too long for the server',
    fault: status('413 Request Entity Too Large', 'text/html', htmlPage('413')),
  },
  'a path that is not let through': { kind: 'not-ollama', says: ['404'], fault: status('404 Not Found', 'text/html', htmlPage('404')) },
  'no server behind it': { kind: 'proxy', says: ['502'], fault: proxyPage(502) },
  'a server behind it that is too slow': { kind: 'proxy', says: ['504'], fault: proxyPage(504) },
  'a server behind it that is busy, then answers': {
    attributes: { retries: '1' },
    asked: 2,
    fault: question => (question.attempt === 1 ? refuses(503, 'server busy', 'Retry-After: 0\r\n')(question) : healthy(question)),
  },
  'a connection that is reset': { kind: 'no-answer', fault: () => [RESET] },
  'an answer that breaks off': { kind: 'interrupted', kept: PARTIAL, fault: question => [...begun(question), HOLD, END] },
  'a gateway that is gone': { kind: 'unreachable', asked: 0, before: ({ server }) => server.close() },
};

for (const [name, theCase] of Object.entries(CASES)) test(name, ({ at }) => at.survives(theCase));
