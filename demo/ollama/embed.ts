/**
 * `POST /api/embed` and `POST /v1/embeddings`: texts as vectors, near to each other where they share words.
 * Knows no model but by what it can.
 */
import { createHash } from 'node:crypto';
import { type Body, INVALID_NAME, refuse, type Refusal } from './chat-request.ts';
import { EMBEDDING_LENGTH, findModel, type Model } from './models.ts';

/** What is to be embedded, and by whom. */
export interface Embedding {
  readonly name: string;
  readonly model: Model;
  readonly input: readonly string[];
  readonly dimensions?: number;
}

/** The order of the checks is Ollama's. */
export function readEmbed(body: Body, models: readonly Model[]): Embedding | Refusal {
  const name = typeof body['model'] === 'string' ? body['model'] : '';
  if (!name || INVALID_NAME.test(name)) return refuse(`model '${name}' not found`, 404);
  const input = textsOf(body['input'] ?? []);
  if (!input) return refuse('invalid input type');
  const model = findModel(models, name);
  if (!model) return refuse(`model "${name}" not found, try pulling it first`, 404);
  const { dimensions } = body;
  return { name, model, input, ...(typeof dimensions === 'number' && { dimensions }) };
}

/** As Ollama's own API has it. */
export interface Embedded {
  readonly model: string;
  readonly embeddings: readonly (readonly number[])[];
  readonly total_duration?: number;
  readonly load_duration?: number;
  readonly prompt_eval_count?: number;
}

/** The vectors, or what the loaded model says that cannot make any. Without a text it is only loaded. */
export function embed({ name, model, input, dimensions }: Embedding): Embedded | Refusal {
  if (!input.length) return { model: name, embeddings: [] };
  if (!model.capabilities.includes('embedding')) {
    return refuse('This server does not support embeddings. Start it with `--embeddings`', 501);
  }
  const tokens = input.reduce((sum, text) => sum + wordsOf(text).length + 2, 0);
  const embeddings = input.map(text => vector(text, dimensions));
  return { model: name, embeddings, total_duration: 14_000_000, load_duration: 1_250_000, prompt_eval_count: tokens };
}

function textsOf(input: unknown): readonly string[] | undefined {
  if (typeof input === 'string') return input ? [input] : [];
  if (!Array.isArray(input)) return undefined;
  const texts: unknown[] = input;
  return texts.every(text => typeof text === 'string') ? texts : undefined;
}

function vector(text: string, dimensions = 0): number[] {
  const counts = Array.from({ length: EMBEDDING_LENGTH }, () => 0);
  for (const word of wordsOf(text)) {
    const place = createHash('sha256').update(word).digest().readUInt32LE() % EMBEDDING_LENGTH;
    counts[place] = (counts[place] ?? 0) + 1;
  }
  return normalised(dimensions > 0 ? counts.slice(0, dimensions) : counts);
}

function normalised(counts: readonly number[]): number[] {
  const length = Math.sqrt(counts.reduce((sum, count) => sum + count * count, 0)) || 1;
  return counts.map(count => single(count / length));
}

/** The shortest number that is the same in 32 bits, which is how Ollama writes them. */
function single(value: number): number {
  const exact = Math.fround(value);
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(exact.toPrecision(digits));
    if (Math.fround(short) === exact) return short;
  }
  return Number(exact.toPrecision(9));
}

const wordsOf = (text: string) => text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
