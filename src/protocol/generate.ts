/** Ollama's `POST /api/generate`: one prompt at a time, for models that were never taught to chat. Pure. */
import type { Endpoint } from './ollama';

/** A conversation, as far as such a model is told of it: the last question, and what there is of its answer. */
export const GENERATE: Endpoint = {
  path: '/api/generate',
  body: request => {
    const { messages, tools: _, ...rest } = request;
    const question = messages.findLast(({ role }) => role === 'user');
    const last = messages.at(-1);
    const system = messages.find(({ role }) => role === 'system')?.content;
    return {
      ...rest,
      // A model that completes texts goes on where the text ends. Without any the server would only load it.
      prompt: (question?.content ?? '') + (last?.role === 'assistant' ? last.content : '') || ' ',
      ...(system && { system }),
      ...(question?.images?.length && { images: question.images }),
    };
  },
};
