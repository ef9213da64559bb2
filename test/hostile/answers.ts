/** How a payload travels: in which field, in how many pieces, and cut into which bytes. Everything follows from a seed. */
import { goJson, sendError, sendText } from '../../demo/ollama/wire.ts';
import { type Call, sendAll } from '../support/behaviours.ts';
import { arm, type Payload, type Traps } from '../support/hostile-payloads.ts';
import { type Random, randomPieces, seeded } from '../support/markdown-documents.ts';

/** What the visitor asks, by which the server knows what to answer. */
export const questionOf = (id: number, round: number) => `${id} ${round}`;

/** Answers each question with the payload that it names. */
export const answerWith = (payloads: readonly Payload[], traps: Traps, seed: number) => async (call: Call) => {
  const [id = 0, round = 0] = (call.chat.messages.findLast(({ role }) => role === 'user')?.content ?? '').split(' ').map(Number);
  const payload = payloads.find(known => known.id === id);
  if (!payload) throw new Error(`No payload ${id}`);
  const text = arm(payload, traps);
  if (payload.field === 'refusal') return sendError(call.response, 500, text);
  if (payload.field === 'missing model') return sendError(call.response, 404, `model '${text}' not found`);
  if (payload.field === 'error page') return sendText(call.response, 502, text, 'text/html');
  const random = seeded(seed + id * 7919 + round * 104_729);
  // Go escapes signs of HTML, others do not.
  const encode = random() < 0.5 ? goJson : JSON.stringify;
  const lines = linesOf(payload, text, random).map(line => `${encode(line)}\n`);
  // Slow enough that some of it is painted before it is complete.
  await sendAll(call, randomCuts(random, Buffer.from(lines.join(''))), 1 + Math.floor(random() * 9));
};

function linesOf({ field }: Payload, text: string, random: Random): object[] {
  const done = { model: 'tiny', message: { role: 'assistant', content: '' }, done: true, done_reason: 'stop' };
  const say = (message: object, rest: object = {}) => ({ model: 'tiny', message: { role: 'assistant', ...message }, done: false, ...rest });
  const pieces = randomPieces(random, text);
  switch (field) {
    case 'thinking':
      return [...pieces.map(thinking => say({ content: '', thinking })), say({ content: 'Done.' }), done];
    case 'error line':
      return [say({ content: 'The answer begins' }), { error: text }];
    case 'other fields':
      return [
        say({ role: text, content: 'Words.', name: text, images: [text], [text]: text }, { model: text, created_at: text, [text]: text }),
        say({ content: '', tool_calls: [{ id: text, function: { name: text, arguments: { [text]: text } } }], tool_name: text }),
        { ...done, model: text, done_reason: text, message: { role: text, content: '' }, total_duration: text, eval_count: text },
      ];
    case 'model name':
      return [say({ content: 'Words.' }), done];
    default:
      return [...pieces.map(content => say({ content })), done];
  }
}

/** A handful of pieces, cut anywhere, inside of characters too. */
function randomCuts(random: Random, bytes: Buffer): Buffer[] {
  const count = 1 + Math.floor(random() * 14);
  const cuts = Array.from({ length: count }, () => Math.floor(random() * bytes.length)).sort((a, b) => a - b);
  return [0, ...cuts].map((start, index) => bytes.subarray(start, cuts[index])).filter(({ length }) => length > 0);
}
