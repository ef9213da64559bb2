/**
 * How much of the model's context a conversation fills, from the server's own counters. Pure.
 * A server that drops what does not fit says so nowhere: only a prompt shorter than expected tells.
 */
import type { RequestMessage } from '../protocol/client';
import type { ChatMessage } from './message';

/** What one answer told. */
export interface Count {
  /** Tokens that the model read, as the server says. Older servers leave out what they had in a cache. */
  prompt: number;
  /** Tokens that the prompt should have had. */
  expected: number;
  /** Tokens of prompt and answer, without its thoughts, which are not sent back: what the next question builds on. */
  used: number;
  /** The same, in characters. */
  length: number;
  pictures: number;
  /** Characters to a token, as this conversation's language and model have it. */
  ratio: number;
}

/** Characters to a token where too little has been counted; beyond the other two something else was counted than text. */
const USUAL = 4;
const LEAST = 2;
const MOST = 8;

/** A shorter prompt says more of the model's own frame around it than of its text, in characters. */
const TELLING = 2000;

/** Less than this part of what was expected: no text is so much denser than usual. */
const SHORT = 0.6;

/** What a message costs beside its text: its role and the marks around it, in characters. */
const FRAME = 16;

/** What a picture costs in tokens, as Ollama itself reckons. */
const PICTURE = 768;

/**
 * Characters, where a sign of Chinese, Japanese or Korean counts as three: it is most of a token. Of blanks in a row one
 * counts, of another sign in a row three: indentation, or a line of dashes, is a token or two.
 */
function weigh(text: string): number {
  let weight = 0;
  let before = 0;
  let run = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    const blank = code <= 0x20;
    run = code === before || (blank && before <= 0x20) ? run + 1 : 1;
    before = code;
    if (run <= (blank ? 1 : 3)) weight += (code >= 0x3040 && code <= 0x9fff) || (code >= 0xac00 && code <= 0xd7af) ? 3 : 1;
  }
  return weight;
}

/** What has been weighed: a question is asked for what fits and for the count after it, and its past may be long. */
const lengths = new WeakMap<RequestMessage, number>();

function measure({ role, content, thinking = '', tool_calls }: RequestMessage): number {
  // Older servers leave thoughts in the answer; sent back, most templates drop them.
  const said = role === 'assistant' ? content.replace(/^\s*<think>[^]*?<\/think>/, '') : content;
  return FRAME + weigh(said) + weigh(thinking) + (tool_calls ? JSON.stringify(tool_calls).length : 0);
}

/** Roughly, in characters: what a tokenizer has to read. */
function lengthOf(messages: readonly RequestMessage[]): number {
  let sum = 0;
  for (const message of messages) {
    const length = lengths.get(message) ?? measure(message);
    lengths.set(message, length);
    sum += length;
  }
  return sum;
}

const picturesOf = (messages: readonly RequestMessage[]): number => messages.reduce((sum, { images }) => sum + (images?.length ?? 0), 0);

/** About how many tokens `messages` have by themselves. */
export const tokensOf = (messages: readonly RequestMessage[], ratio = USUAL): number =>
  lengthOf(messages) / ratio + picturesOf(messages) * PICTURE;

/** About how many tokens a request of `messages` has: what was counted before, and what has come since. */
export function estimate(messages: readonly RequestMessage[], before: Count | undefined, picture = PICTURE): number {
  const length = lengthOf(messages);
  const pictures = picturesOf(messages);
  // Shorter than before: it is no continuation.
  const { ratio, ...base } =
    before && length >= before.length ? before : { used: 0, length: 0, pictures: 0, ratio: before?.ratio ?? USUAL };
  return Math.ceil(base.used + (length - base.length) / ratio + (pictures - base.pictures) * picture);
}

/** Reads the counters of `answer` to `sent`; `undefined` where the server gave none. */
export function count(
  sent: readonly RequestMessage[],
  answer: Pick<ChatMessage, 'role' | 'content' | 'thinking' | 'tool_calls' | 'stats'>,
  before: Count | undefined,
): Count | undefined {
  const { prompt_eval_count: prompt, eval_count: written = 0 } = answer.stats ?? {};
  if (!prompt) return undefined;
  const length = lengthOf(sent);
  const { thinking = '', ...kept } = answer;
  const said = lengthOf([kept]);
  const all = lengthOf([{ ...kept, role: 'user', content: thinking + kept.content }]);
  // Without pictures that are new: what one costs is different for each model, and what was cut must not be a mere guess.
  const expected = estimate(sent, before, 0);
  const short = isShort(prompt, expected);
  const measured = length / prompt;
  const tells = !short && length >= TELLING && measured >= LEAST && measured <= MOST;
  return {
    prompt,
    expected,
    // Short is a cut, or a cache that older servers leave out of the count.
    used: (short ? expected : prompt) + Math.round((written * said) / all),
    length: length + said,
    pictures: picturesOf(sent),
    ratio: tells ? measured : (before?.ratio ?? USUAL),
  };
}

/** The same of a prompt that a server refused as too long: `tokens` of them. */
export function learn(sent: readonly RequestMessage[], tokens: number): Count {
  const length = lengthOf(sent);
  const pictures = picturesOf(sent);
  return { prompt: tokens, expected: tokens, used: tokens, length, pictures, ratio: pictures ? USUAL : length / tokens };
}

/**
 * What is known once the size of the context is: how much is used, and whether the server has cut the prompt.
 * @param limit The context that the model was loaded with, from `/api/ps`.
 */
export function usage({ prompt, expected, used }: Count, limit: number): { used: number; limit: number; cut: boolean } {
  // Filled to the last token: cut to fit, as older servers do.
  const cut = prompt === limit || (expected > limit && isShort(prompt, expected));
  return { used: cut ? limit : Math.min(used, limit), limit, cut };
}

const isShort = (prompt: number, expected: number) => prompt < expected * SHORT;
