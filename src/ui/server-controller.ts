/**
 * What the widget knows about its server: which model answers, how that is, whose machine it is.
 * Asks nothing by itself: an untouched widget is silent.
 */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { chooseModel, isCloud } from '../conversation/model-choice';
import { ChatError, type ChatErrorKind } from '../errors';
import type { ModelInfo } from '../protocol/client';
import { OllamaClient } from '../protocol/ollama';
import { isLoopback, serverUrl } from '../protocol/server-url';
import type { ModelState } from './header';

interface Settings {
  url: string;
  /** The attribute as given: one name, several with commas between them, or nothing. */
  model: string;
}

/** All that was found out under one pair of settings. Other settings begin another one: what comes late lands in the old. */
class Findings {
  state: Exclude<ModelState, 'loading'> = 'idle';
  chosen: string | undefined;
  models: ModelInfo[] = [];
  listing: Promise<ModelInfo[]> | undefined;
  touched = false;
  readonly ended = new AbortController();

  constructor(readonly key: string) {}
}

/** Failures that say something about the model or its server, not only about one answer. */
const MODEL_GONE = new Set<ChatErrorKind>(['bad-url', 'unreachable', 'no-model', 'model-missing', 'not-ollama', 'out-of-memory']);

export class ServerController implements ReactiveController {
  #found = new Findings('');

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
    // A move within the page is no end.
    queueMicrotask(() => this.host.isConnected || this.#begin(this.#found.key));
  }

  /** @throws {ChatError} `bad-url` */
  get client(): OllamaClient {
    return new OllamaClient(serverUrl(this.settings().url, document.baseURI));
  }

  /** The name that is shown: the one asked for, or the one found. */
  get model(): string | undefined {
    return this.#asked ?? this.#found.chosen;
  }

  get state(): Exclude<ModelState, 'loading'> {
    return this.#found.state;
  }

  /** The server's host; the address as given where it cannot be read. */
  get hostName(): string {
    return this.#base?.host ?? this.settings().url;
  }

  /** Whether the model itself runs on the computer in front of the visitor, as far as is known. */
  get isLocal(): boolean {
    const base = this.#base;
    return !!base && isLoopback(base) && !isCloud(this.#info ?? { name: this.model ?? '' });
  }

  /** Whether the server has said so itself: the name of a model can stand for one in the cloud. */
  get isSurelyLocal(): boolean {
    return this.isLocal && this.#info !== undefined;
  }

  /** The visitor did something: now the server may be asked, once. What it answers only decorates, so failing is silent. */
  touch(): void {
    const found = this.#keepUp();
    if (found.touched || !this.host.isConnected) return;
    found.touched = true;
    void this.resolveModel(found.ended.signal).catch(() => {});
    void this.#list(found).catch(() => {});
  }

  /** An answer is coming: the model is loaded. */
  reportLoaded(): void {
    this.#found.state = 'loaded';
    this.host.requestUpdate();
  }

  /** No answer came: the next question looks anew, also for another model where this one is gone. */
  reportFailure({ kind }: ChatError): void {
    this.#found.listing = undefined;
    if (kind === 'model-missing') this.#found.chosen = undefined;
    this.#found.state = MODEL_GONE.has(kind) ? 'failed' : 'idle';
    this.host.requestUpdate();
  }

  /**
   * The model to ask: the first that the page names, else the best of what the server has.
   * @throws {ChatError} `no-model`; whatever listing the models throws.
   */
  async resolveModel(signal: AbortSignal): Promise<string> {
    const found = this.#keepUp();
    const known = this.#asked ?? found.chosen;
    if (known) return known;
    const { client } = this;
    const models = await this.#list(found);
    const chosen = await chooseModel(
      models,
      async model => (await client.show(model, { signal }).catch(() => ({ capabilities: undefined }))).capabilities,
    );
    signal.throwIfAborted();
    if (!chosen) throw new ChatError({ kind: 'no-model', url: client.url });
    found.chosen = chosen;
    this.#look(found);
    return chosen;
  }

  get #base(): URL | undefined {
    try {
      return new URL(this.client.url);
    } catch {
      return undefined;
    }
  }

  get #asked(): string | undefined {
    return this.settings()
      .model.split(',')
      .map(name => name.trim())
      .find(Boolean);
  }

  get #info(): ModelInfo | undefined {
    const { model } = this;
    return this.#found.models.find(({ name }) => name === model || name === `${model}:latest`);
  }

  /** Begins anew when the settings have changed; who had touched the widget before has not let go of it. */
  #keepUp(): Findings {
    const { url, model } = this.settings();
    const key = JSON.stringify([url, model]);
    if (key === this.#found.key) return this.#found;
    const { touched } = this.#found;
    this.#begin(key);
    if (touched) this.touch();
    return this.#found;
  }

  #begin(key: string) {
    this.#found.ended.abort();
    this.#found = new Findings(key);
  }

  /** One list for all who ask; nobody's Stop ends it for the others. */
  async #list(found: Findings): Promise<ModelInfo[]> {
    const listing = (found.listing ??= this.client.models({ signal: found.ended.signal }));
    try {
      found.models = await listing;
      this.#look(found);
      return found.models;
    } catch (error) {
      if (found.listing === listing) found.listing = undefined;
      // A server may lack these lists and chat all the same: only one that gives no answer at all has failed.
      if (found === this.#found && error instanceof ChatError && error.kind === 'unreachable') this.reportFailure(error);
      throw error;
    }
  }

  /** Reads from the list how the model is. */
  #look(found: Findings) {
    if (found !== this.#found) return;
    const info = this.#info;
    if (info || found.state !== 'loaded') found.state = info?.expires_at === undefined ? 'idle' : 'loaded';
    this.host.requestUpdate();
  }
}
