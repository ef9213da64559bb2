/** Loads a model ahead, so that the first answer comes sooner. One at a time for each server and model, for all chats of the page. */
import type { LoadSettings, OllamaApi } from '../protocol/ollama';

const underway = new Map<string, Promise<boolean>>();

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
