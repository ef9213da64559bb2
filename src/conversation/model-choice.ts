/** Which model answers when the page names none. Pure but for the question that is passed in. */
import type { ModelInfo } from '../protocol/client';

/** Families and names of models that turn text into vectors; older servers list no capabilities. */
const EMBEDS = /bert|embed|minilm|\bbge\b|\bgte\b|\be5\b/i;

/**
 * A chat model that is loaded now, else the newest installed one that can chat. Never an embedding model, never a cloud
 * model: its words would leave the computer unasked.
 * @param models Newest first, as `/api/tags` lists them.
 * @param capabilities Asked about a model whose list entry has none; `undefined` means unknown, which is allowed.
 */
export async function chooseModel(
  models: readonly ModelInfo[],
  capabilities: (model: string) => Promise<string[] | undefined>,
): Promise<string | undefined> {
  const local = models.filter(model => !isCloud(model) && mayChat(model));
  const isLoaded = (model: ModelInfo) => model.expires_at !== undefined;
  for (const model of [...local.filter(isLoaded), ...local.filter(model => !isLoaded(model))]) {
    const known = model.capabilities ?? (await capabilities(model.name));
    if (known?.includes('completion') ?? true) return model.name;
  }
  return undefined;
}

/** Whether it is made to chat, as far as its entry in the list tells. */
export const mayChat = ({ name, capabilities, details }: ModelInfo) =>
  capabilities ? capabilities.includes('completion') : !EMBEDS.test(`${name} ${details?.family ?? ''}`);

/** Whether two names stand for the same model: Ollama's default tag need not be written, and case says nothing. */
export const isSameModel = (a: string, b: string | undefined) => b !== undefined && withTag(a) === withTag(b);

const withTag = (name: string) => (/:[^/]*$/.test(name) ? name : `${name}:latest`).toLowerCase();

/** Whether a model runs in Ollama's cloud rather than on the server itself. */
export const isCloud = ({ name, remote_host }: Pick<ModelInfo, 'name' | 'remote_host'>) => !!remote_host || /[:-]cloud$/i.test(name);
