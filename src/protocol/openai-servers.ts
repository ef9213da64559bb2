/**
 * Where the servers of OpenAI's API differ, as data: a server more is a name or a row more here, and no branch elsewhere.
 * As Ollama 0.33, llama-server and LiteLLM were recorded, and as vLLM, LM Studio and OpenRouter document themselves.
 */
import type { ChatStats, DoneReason } from './client';

/** What holds thoughts: at Ollama, vLLM and OpenRouter; at llama-server, LiteLLM and LM Studio. */
export const THOUGHTS = ['reasoning', 'reasoning_content'] as const;

/** Reasons to finish that say more than `stop` does. */
export const REASONS: Readonly<Record<string, DoneReason>> = { length: 'length', tool_calls: 'tool-calls', function_call: 'tool-calls' };

/** Where a chunk counts, and how much one there is in our units. The `timings` are llama-server's, in milliseconds. */
export const COUNTERS: readonly { counter: keyof ChatStats; at: readonly [string, string]; unit: number }[] = [
  { counter: 'prompt_eval_count', at: ['usage', 'prompt_tokens'], unit: 1 },
  { counter: 'eval_count', at: ['usage', 'completion_tokens'], unit: 1 },
  { counter: 'prompt_eval_duration', at: ['timings', 'prompt_ms'], unit: 1e6 },
  { counter: 'eval_duration', at: ['timings', 'predicted_ms'], unit: 1e6 },
];

/** Where a list of models says how many tokens each reads: vLLM, llama-server. */
export const CONTEXT_LENGTHS: readonly (readonly string[])[] = [['max_model_len'], ['meta', 'n_ctx']];

/** Ollama's options that have a place here, and its name. All others are left out. */
export const OPTIONS: Readonly<Record<string, string>> = {
  num_predict: 'max_tokens',
  temperature: 'temperature',
  top_p: 'top_p',
  seed: 'seed',
  stop: 'stop',
  presence_penalty: 'presence_penalty',
  frequency_penalty: 'frequency_penalty',
};

/** What some servers refuse, in which words, and its name there; without one the question is asked without it. `byValue`: another value may do. */
export const REFUSABLE: readonly { field: string; when: RegExp; instead?: string; byValue?: true }[] = [
  // OpenAI's own newer models.
  { field: 'max_tokens', when: /max_completion_tokens/i, instead: 'max_completion_tokens' },
  // Models that do not think, and gateways that do not pass it on.
  { field: 'reasoning_effort', when: /reasoning[._ ]?effort|does not support thinking|think value/i, byValue: true },
  // Ollama and LM Studio; OpenAI; LiteLLM; OpenRouter; llama-server; vLLM.
  {
    field: 'tools',
    when: /not support (?:tool|function)|(?:tool|function) call(?:ing|s) (?:is|are) not supported|not support parameters: \[[^\]]*'tools'|support tool use|requires --jinja|enable-auto-tool-choice/i,
  },
  { field: 'stream_options', when: /stream_options|include_usage/i },
];

/** First bytes of files, in Base64 (https://mimesniff.spec.whatwg.org/#image-type-pattern-matching-algorithm). */
export const IMAGE_TYPES: Readonly<Record<string, string>> = {
  iVBORw: 'image/png',
  '/9j/': 'image/jpeg',
  UklGR: 'image/webp',
  R0lGOD: 'image/gif',
};
