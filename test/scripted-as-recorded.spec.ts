/** The scripted Ollama answers byte for byte as the recorded one did, but for what is a number or a time. */
import { expect, test } from '@playwright/test';
import type { Piece } from '../demo/ollama/answer.ts';
import { ask, fixed, MODELS, served } from './support/scripted.ts';
import { type Transcript, transcripts } from './support/transcripts.ts';

const FILE = 'ollama-0.33.0-rc2';

/** Paths whose answers hold what is known of one machine and its models, and those that a chat does not need. */
const LEFT_OUT_PATHS = new Set(['/api/tags', '/api/ps', '/api/show', '/api/version', '/api/me', '/api/status', '/api/delete', '/api/pull']);

/** What belongs to the machinery behind Ollama, which the scripted one has not got. */
const LEFT_OUT: Record<string, RegExp> = {
  'a cloud': /^cloud-model$/,
  'probabilities of tokens': /-chat-logprobs$/,
  'a model that thinks although it is not to': /^native-chat-think-false$/,
  'a model whose calls come with the end': /^native-chat-tools$/,
  'a guard against what repeats itself': /^rendered-chat-stutter$/,
  'a queue': /-queue-full$/,
  'a status of the runner’s own': /^rendered-image$/,
  'a window that overflows; the recorded questions are shortened, too': /-overflow/,
};

const KNOWN = transcripts().filter(({ file, response }) => file === FILE && !response.cut);
const isLeftOut = ({ name, request }: Transcript) =>
  LEFT_OUT_PATHS.has(request.path) || Object.values(LEFT_OUT).some(names => names.test(name));
const COMPARED = new Map<string, Transcript[]>();
for (const known of KNOWN.filter(one => !isLeftOut(one))) {
  const path = `${known.request.method} ${known.request.path}`;
  COMPARED.set(path, [...(COMPARED.get(path) ?? []), known]);
}

test('no answer is left out that is not there', () => {
  for (const [why, names] of Object.entries(LEFT_OUT)) expect(KNOWN.filter(({ name }) => names.test(name)).length, why).toBeGreaterThan(0);
  expect([...COMPARED.keys()]).toEqual(
    expect.arrayContaining(['POST /api/chat', 'POST /api/generate', 'POST /api/embed', 'POST /v1/chat/completions', 'GET /v1/models']),
  );
});

for (const [path, all] of COMPARED) {
  test(`${path} is answered as recorded, in ${all.length} cases`, async () => {
    for (const known of all) {
      const { status, headers, text } = await answerTo(known);
      expect.soft(status, known.name).toBe(known.response.status);
      expect.soft(fixed(text), known.name).toBe(fixed(known.response.chunks.join('')));
      expect.soft(relevant(headers), known.name).toEqual(relevant(known.response.headers));
    }
  });
}

/** What a server without a model says when its script is what was recorded. */
function answerTo({ request, response }: Transcript) {
  return served({ models: MODELS.slice(0, 3), reply: () => piecesOf(response.chunks.join('')) }, port => ask(port, request));
}

interface Line {
  readonly model?: string;
  readonly error?: unknown;
  readonly response?: string;
  readonly thinking?: string;
  readonly message?: Said;
  readonly choices?: readonly { readonly delta?: Said; readonly message?: Said; readonly finish_reason?: string | null }[];
  readonly done?: boolean;
}

interface Said {
  readonly content?: string;
  readonly thinking?: string;
  readonly reasoning?: string;
  readonly tool_calls?: readonly { readonly function: { readonly arguments: unknown } }[];
}

/** The script of a recorded answer: a piece for each line or event of it that says something. */
function piecesOf(text: string): Piece[] {
  const lines = text.split('\n').map(line => line.replace(/^data: /, ''));
  return lines.flatMap(line => (line.startsWith('{') ? pieces(JSON.parse(line) as Line) : []));
}

function pieces({ model, error, response, thinking, message, choices, done }: Line): Piece[] {
  // So errors look on their way through /v1.
  if (error || (choices && !model)) return [{ error: String(error) }];
  const said = message ?? choices?.[0]?.delta ?? choices?.[0]?.message ?? (response === undefined ? {} : { content: response, thinking });
  const thought = said.thinking ?? said.reasoning;
  const calls = said.tool_calls?.map(call => ({ ...call, function: { ...call.function, arguments: objectOf(call.function.arguments) } }));
  return [
    ...(thought ? [{ thinking: thought }] : []),
    ...(calls ? [{ tool_calls: calls }] : []),
    ...(said.content || (!thought && !calls && !done && said.content !== undefined) ? [said.content ?? ''] : []),
  ];
}

const objectOf = (value: unknown): unknown => (typeof value === 'string' ? JSON.parse(value) : value);

function relevant(headers: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !/^(?:connection|content-length|date|keep-alive|transfer-encoding)$/.test(name)),
  );
}
