/** With what a model is loaded, and how that is done ahead, so that the first answer comes sooner. One at a time for each server and model, for all chats of the page. */
import type { LoadSettings, OllamaApi } from '../protocol/ollama';
import type { ServerSettings } from './create-client';

const underway = new Map<string, Promise<boolean>>();

/** The same for loading ahead and for each question: others would load the model anew. */
export function loadSettings({ keepAlive, options }: ServerSettings, wantedContext: number | undefined): LoadSettings {
  const given = String(keepAlive ?? '').trim();
  return {
    // Without a unit Ollama takes numbers only.
    ...(given && { keep_alive: Number.isNaN(Number(given)) ? given : Number(given) }),
    ...((options || wantedContext) && { options: { ...options, ...(wantedContext && { num_ctx: wantedContext }) } }),
  };
}

/** Whether the model is loaded afterwards. Never rejects: whoever asks the model will hear what is wrong with it. */
export function preload(client: OllamaApi, model: string, settings: LoadSettings, signal: AbortSignal): Promise<boolean> {
  const key = `${client.server.url} ${model}`;
  const loading =
    underway.get(key) ??
    client.load(model, settings, { signal }).then(
      () => true,
      () => false,
    );
  underway.set(key, loading);
  void loading.then(() => underway.delete(key));
  return loading;
}
