/**
 * How much of the model's context a conversation fills, from the server's own counters. Pure.
 * A server that drops what does not fit says so nowhere: only a prompt shorter than expected tells.
 */
import type { ChatStats, RequestMessage } from '../protocol/client';

/** What one answer told. All in tokens. */
export interface Count {
  /** Read by the model, as the server counted; what older servers leave out, since they had it in a cache, is estimated. */
  prompt: number;
  /** Prompt and answer: what the next question builds on. */
  used: number;
  /** How long the prompt should have been. */
  expected: number;
  /** Characters to a token, as this conversation's language and model have it. */
  ratio: number;
}

/** Characters to a token where nothing has been counted: English has about 4, and few texts more than 6. */
const USUAL = 4;
const MOST = 6;

/** What a message costs beside its text: its role and the marks around it, in characters. */
const FRAME = 16;

/** What a picture costs, in characters: 768 tokens, as Ollama itself reckons. */
const PICTURE = 768 * USUAL;

/** Roughly, in characters: what a tokenizer has to read. */
export const lengthOf = (messages: readonly RequestMessage[]): number =>
  messages.reduce(
    (sum, { content, images, tool_calls }) =>
      sum + FRAME + content.length + (images?.length ?? 0) * PICTURE + (tool_calls ? JSON.stringify(tool_calls).length : 0),
    0,
  );

/** About how many tokens `messages` have. */
export const estimate = (messages: readonly RequestMessage[], before: Count | undefined, ratio = USUAL): number =>
  Math.ceil(lengthOf(messages) / (before?.ratio ?? ratio));

/** Reads the counters of an answer to `sent`; `undefined` where the server gave none. */
export function count(sent: readonly RequestMessage[], stats: ChatStats | undefined, before: Count | undefined): Count | undefined {
  const counted = stats?.prompt_eval_count;
  if (!counted) return undefined;
  const length = lengthOf(sent);
  // Rather too few: what was cut must not be a mere guess.
  const expected = estimate(sent, before, MOST);
  // Less than half can be a cut, or a cache that older servers leave out of the count.
  const plausible = counted >= expected / 2;
  const ratio = plausible && length / counted < 2 * MOST ? length / counted : (before?.ratio ?? USUAL);
  return { prompt: counted, used: counted + (stats.eval_count ?? 0), expected, ratio };
}

/** The same of a prompt that a server refused as too long: `tokens` of them. */
export const learn = (sent: readonly RequestMessage[], tokens: number): Count => ({
  prompt: tokens,
  used: tokens,
  expected: tokens,
  ratio: lengthOf(sent) / tokens,
});

/**
 * What is known once the size of the context is: how much is used, and whether the server has cut the prompt.
 * @param limit The context that the model was loaded with, from `/api/ps`.
 */
export function usage({ prompt, used, expected }: Count, limit: number): { used: number; limit: number; cut: boolean } {
  const short = prompt < expected * 0.8;
  const cut = short && expected > limit;
  // Short, although all would have fitted: the rest was in a cache.
  return { used: Math.min(short && !cut ? used + expected - prompt : used, limit), limit, cut };
}
