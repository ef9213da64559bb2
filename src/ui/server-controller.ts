/**
 * What the widget knows about its server: which model answers, how that is, whose machine it is.
 * Asks nothing by itself: an untouched widget is silent.
 */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { chooseModel, isCloud } from '../conversation/model-choice';
import { ChatError, type ChatErrorKind } from '../errors';
import type { ModelInfo } from '../protocol/client';
import { OllamaClient } from '../protocol/ollama';
import { DEFAULT_URL, isLoopback, serverUrl } from '../protocol/server-url';
import type { ModelState } from './header';

interface Settings {
  url: string;
  /** The attribute as given: one name, several with commas between them, or nothing. */
  model: string;
}

/** Failures that say something about the model or its server, not only about one answer. */
const MODEL_GONE = new Set<ChatErrorKind>(['bad-url', 'unreachable', 'no-model', 'model-missing', 'not-ollama', 'out-of-memory']);

export class ServerController implements ReactiveController {
  #state: Exclude<ModelState, 'loading'> = 'idle';
  #chosen: string | undefined;
  #models: ModelInfo[] = [];
  #listing: Promise<ModelInfo[]> | undefined;
  #touched = false;
  /** The settings that all of this was found out for. */
  #foundFor = '';
  #life = new AbortController();

  constructor(
    readonly host: ReactiveControllerHost & Element,
    readonly settings: () => Settings,
  ) {
    host.addController(this);
  }

  hostUpdate(): void {
    this.#keepUp();
  }

  hostDisconnected(): void {
    this.#life.abort();
    this.#life = new AbortController();
  }

  /** @throws {ChatError} `bad-url` */
  get client(): OllamaClient {
    return new OllamaClient(serverUrl(this.settings().url, document.baseURI));
  }

  /** The name that is shown: the one asked for, or the one found. */
  get model(): string | undefined {
    return this.#asked ?? this.#chosen;
  }

  get state(): Exclude<ModelState, 'loading'> {
    return this.#state;
  }

  /** The server's base address; the default one where the given one cannot be read. */
  get url(): string {
    try {
      return this.client.url;
    } catch {
      return DEFAULT_URL;
    }
  }

  /** Whether the model itself runs on the computer in front of the visitor. */
  get isLocal(): boolean {
    const { model } = this;
    const info = this.#models.find(({ name }) => name === model || name === `${model}:latest`);
    return isLoopback(this.url) && !(model && isCloud(info ?? { name: model }));
  }

  /** The visitor did something: now the server may be asked, once. What it answers only decorates, so failing is silent. */
  touch(): void {
    this.#keepUp();
    if (this.#touched) return;
    this.#touched = true;
    void this.resolveModel(this.#life.signal).catch(() => {});
    void this.#list(this.#life.signal).catch(() => {});
  }

  /** When the settings changed, what was found no longer holds. */
  #keepUp(): void {
    const { url, model } = this.settings();
    const key = JSON.stringify([url, model]);
    if (key === this.#foundFor) return;
    const touched = this.#touched;
    this.#foundFor = key;
    this.#touched = false;
    this.#listing = undefined;
    this.#models = [];
    this.#chosen = undefined;
    this.#state = 'idle';
    if (touched) this.touch();
  }

  /** An answer is coming: the model is loaded. */
  reportLoaded(): void {
    this.#state = 'loaded';
    this.host.requestUpdate();
  }

  /** No answer came: the next question looks anew, also for another model where this one is gone. */
  reportFailure({ kind }: ChatError): void {
    this.#listing = undefined;
    if (kind === 'model-missing') this.#chosen = undefined;
    this.#state = MODEL_GONE.has(kind) ? 'failed' : 'idle';
    this.host.requestUpdate();
  }

  /**
   * The model to ask: the first that the page names, else the best of what the server has.
   * @throws {ChatError} `no-model`; whatever listing the models throws.
   */
  async resolveModel(signal: AbortSignal): Promise<string> {
    this.#keepUp();
    if (this.#asked) return this.#asked;
    if (this.#chosen) return this.#chosen;
    const { client } = this;
    const models = await this.#list(signal);
    const chosen = await chooseModel(
      models,
      async model => (await client.show(model, { signal }).catch(() => ({ capabilities: undefined }))).capabilities,
    );
    signal.throwIfAborted();
    if (!chosen) throw new ChatError({ kind: 'no-model', url: client.url });
    this.#chosen = chosen;
    this.#look();
    return chosen;
  }

  get #asked(): string | undefined {
    return this.settings()
      .model.split(',')
      .map(name => name.trim())
      .find(Boolean);
  }

  async #list(signal: AbortSignal): Promise<ModelInfo[]> {
    const listing = (this.#listing ??= this.client.models({ signal }));
    try {
      this.#models = await listing;
      this.#look();
      return this.#models;
    } catch (error) {
      if (this.#listing === listing) this.#listing = undefined;
      // A server may lack these lists and chat all the same: only one that gives no answer at all has failed.
      if (error instanceof ChatError && error.kind === 'unreachable') this.reportFailure(error);
      throw error;
    }
  }

  /** Reads from the list how the model is. */
  #look() {
    const info = this.#models.find(({ name }) => name === this.model || name === `${this.model}:latest`);
    if (this.#state !== 'loaded' || info) this.#state = info?.expires_at === undefined ? 'idle' : 'loaded';
    this.host.requestUpdate();
  }
}
