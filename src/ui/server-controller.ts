/**
 * What the widget knows about its server: which model answers, how that is, whose machine it is.
 * Asks nothing by itself: an untouched widget is silent.
 */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Backend } from '../conversation/backend';
import { chooseModel, isCloud, isSameModel } from '../conversation/model-choice';
import { ChatError, type ChatErrorDetail } from '../errors';
import { addressSpace } from '../protocol/address-space';
import type { ChatClient, ChatRequest, ModelInfo } from '../protocol/client';
import { OllamaApi } from '../protocol/ollama';
import type { Retry } from '../protocol/request';
import { serverUrl, withoutUser } from '../protocol/server-url';
import { apiOf, baseOf, createClient, type ServerSettings } from './create-client';
import { Findings } from './findings';
import type { ModelState } from './header';
import { rememberedModel } from './model-memory';
import { loadSettings, preload } from './preload';

/** How long a model is taken to be loaded still, in milliseconds: somewhat less than Ollama keeps it by default. */
const KEPT = 240_000;

/** Whether a failure says something about the server or the model, and not only about one answer. */
const isLasting = (detail: ChatErrorDetail) => 'url' in detail || 'model' in detail || /memory|load/.test(detail.kind);

/** Whether it is one of the way to the server: no answer at all. */
const isUnanswered = (detail: ChatErrorDetail) => 'url' in detail && !('status' in detail) && detail.kind !== 'host-refused';

export class ServerController implements ReactiveController {
  #found = new Findings('');
  /** Those that the question is asked under which is being answered. */
  #current = this.#found;

  constructor(
    readonly host: ReactiveControllerHost & Element,
    readonly settings: () => ServerSettings,
    readonly onRetry: (retry: Retry) => void,
    /** The visitor did something, for the first time under these settings. */
    readonly onTouch: () => void,
  ) {
    host.addController(this);
  }

  hostUpdate(): void {
    this.#keepUp();
  }

  hostUpdated(): void {
    if (this.settings().preload === 'load') this.touch();
  }

  hostDisconnected(): void {
    // A move within the page is no end.
    queueMicrotask(() => this.host.isConnected || this.#begin(this.#found.key));
  }

  /** The name that is shown: the one chosen or found, else the first that the page allows. */
  get model(): string | undefined {
    return this.#found.chosen ?? this.allowed[0];
  }

  /** Those that the page names; none where all are allowed. */
  get allowed(): string[] {
    return (this.settings().model ?? '').split(',').flatMap(name => name.trim() || []);
  }

  /** Whether the visitor has done something. */
  get isTouched(): boolean {
    return this.#found.touched;
  }

  /** All that the server has, as it was last listed. */
  get models(): readonly ModelInfo[] {
    return this.#found.models;
  }

  /** Whether the server surely does not have this model. */
  lacks(model: string): boolean {
    const { isListed, models } = this.#found;
    return isListed && this.speaksOllama && !isCloud({ name: model }) && !models.some(info => isSameModel(info.name, model));
  }

  /** Whether, or how much, the model is to think. */
  get think(): ChatRequest['think'] {
    return this.#found.wantedThink ?? this.settings().think;
  }

  /** Whether a model has refused to be asked with that. */
  hasRefused(field: 'tools', model: string): boolean {
    return this.#found.refused.has(`${model} ${field}`);
  }

  get state(): ModelState {
    return this.#found.state;
  }

  get mayAsk(): boolean {
    return this.#found.mayAsk;
  }

  /** How many tokens the model reads, where that is known. */
  get contextLength(): number | undefined {
    // One prompt at a time has no history that could fill it.
    if (apiOf(this.settings()) === 'generate') return undefined;
    return this.#found.contextLength ?? this.#found.wantedContext;
  }

  /** Whether it can be asked to read more: elsewhere that would load the model anew for everybody. */
  get mayReadMore(): boolean {
    const { contextLength = Infinity, wantedContext = 0 } = this.#found;
    // Less than was wanted is all that it can; only Ollama can be asked.
    return this.isLocal && this.speaksOllama && contextLength >= wantedContext;
  }

  /** The server's host; the address as given where it cannot be read; empty where the page's own client knows it alone. */
  get hostName(): string {
    const { client, url } = this.settings();
    return client ? '' : (this.#base?.host ?? withoutUser(url));
  }

  /** Whether the server is on the computer in front of the visitor. */
  get onThisComputer(): boolean {
    return addressSpace(this.#base?.hostname ?? '') === 'loopback';
  }

  /** Whether the model itself runs there, as far as is known. */
  get isLocal(): boolean {
    return this.onThisComputer && !isCloud(this.#info ?? { name: this.model ?? '' });
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
    this.onTouch();
    void this.#list(found).catch(() => {});
    void this.#preload(found).catch(() => {});
  }

  /** Whom to ask, and for what. @throws {ChatError} `bad-url`, `no-model`; whatever listing the models throws. */
  async backend(signal: AbortSignal): Promise<Pick<Backend, 'client' | 'request'>> {
    this.#current = this.#keepUp();
    const model = await this.#resolveModel(signal);
    const found = (this.#current = this.#keepUp());
    const { think } = this;
    const { format } = this.settings();
    const request = {
      model,
      ...(think !== undefined && { think }),
      ...loadSettings(this.settings(), found.wantedContext),
      ...(format && { format }),
    };
    return { client: await this.#client(found), request };
  }

  /** Whom the model is asked through, where that is Ollama's own API. @throws {ChatError} `bad-url`, `part-missing` */
  async ollama(found = this.#keepUp()): Promise<OllamaApi | undefined> {
    const client = await this.#client(found);
    return client instanceof OllamaApi ? client : undefined;
  }

  /** The visitor chooses a model: it answers from the next question on. */
  choose(model: string): void {
    const { key, own, headers, client, models, isListed, refused } = this.#found;
    this.#found.ended.abort();
    const found = (this.#found = Object.assign(new Findings(key, own, headers), {
      client,
      models,
      isListed,
      refused,
      touched: true,
      chosen: model,
    }));
    this.#look(found);
    this.loadAhead();
  }

  /** The visitor wants it to think, or not. */
  setThink(think: ChatRequest['think']): void {
    this.#found.wantedThink = think;
    this.host.requestUpdate();
  }

  /** What is installed, or loaded, may have changed: resolves once it is listed anew. */
  async refresh(): Promise<void> {
    const found = this.#keepUp();
    found.listing = undefined;
    await this.#list(found);
  }

  /** Where that is wanted. */
  loadAhead(): void {
    void this.#preload(this.#keepUp()).catch(() => {});
  }

  /** An answer is coming: the model is loaded. */
  reportLoaded(): void {
    this.#current.state = 'loaded';
    this.#current.loadedAt = performance.now();
    this.#current.mayAsk = false;
    this.host.requestUpdate();
  }

  /** The visitor wants it to stop: also what is being loaded ahead. */
  stopLoading(): void {
    this.#found.loading?.abort();
  }

  /** An answer is complete: how much the model reads may be worth knowing now. */
  async reportAnswer(used: number | undefined): Promise<void> {
    const found = this.#current;
    // The size changes only when the model is loaded anew: asked for again once it matters.
    if (!used || used < (found.contextLength ?? 0) / 2) return;
    await this.#lookUp(found);
  }

  /** No answer came: the next question looks anew, also for another model where this one is gone. */
  reportFailure({ detail }: ChatError, found = this.#current): void {
    const { kind } = detail;
    found.listing = undefined;
    found.mayAsk = false;
    if (kind === 'model-missing') found.chosen = undefined;
    if (kind === 'too-long' && detail.contextLength) found.contextLength = detail.contextLength;
    found.state = isLasting(detail) ? 'failed' : 'idle';
    this.host.requestUpdate();
  }

  /** The model is to read more from the next question on; it is loaded anew for that. */
  enlargeContext(tokens: number): void {
    this.#found.wantedContext = tokens;
    this.#found.contextLength = undefined;
    this.host.requestUpdate();
  }

  /** What the server is doing while it says nothing; `undefined` where it does not tell. Never rejects. */
  async activity(): Promise<'loading' | 'reading' | undefined> {
    const found = this.#current;
    const wasLoaded = performance.now() - found.loadedAt < KEPT;
    const loaded = await this.#lookUp(found);
    if (!loaded) return undefined;
    // A model is listed already while it is loading; unless it was there before, that is what takes the time.
    return loaded.some(info => this.#isModel(info)) && (wasLoaded || !found.models.length) ? 'reading' : 'loading';
  }

  /** One harmless request: whether the server answers this page. */
  async isBack(signal: AbortSignal): Promise<boolean> {
    // A page's own client may have nothing that can be asked without asking the model.
    if (this.#found.own) return false;
    const client = await this.#client(this.#found);
    try {
      await (client instanceof OllamaApi ? client.version({ signal }) : client.models?.({ signal }));
    } catch (error) {
      // A gateway need not let this through: that it says so is enough.
      if (!(error instanceof ChatError && ['not-ollama', 'server', 'unauthorized'].includes(error.kind))) return false;
    }
    this.#found.state = 'idle';
    return true;
  }

  /**
   * The model to ask: the first that the page names, else the best of what the server has.
   * @throws {ChatError} `no-model`; whatever listing the models throws.
   */
  async #resolveModel(signal: AbortSignal): Promise<string> {
    const found = this.#keepUp();
    const known = this.model;
    if (known) return known;
    const ollama = await this.ollama(found);
    const models = await this.#list(found).catch((error: unknown) => {
      if (!found.own && (found === this.#found || signal.aborted)) throw error;
      return [];
    });
    // The page names another server or model by now.
    if (found !== this.#found && !signal.aborted) return this.#resolveModel(signal);
    const capabilities = async (model: string) => (await ollama?.show(model, { signal }).catch(() => undefined))?.capabilities;
    const chosen = models.find(({ name }) => name === rememberedModel(this.settings()))?.name ?? (await chooseModel(models, capabilities));
    signal.throwIfAborted();
    // The page's own client may know by itself.
    if (!chosen && found.own) return '';
    if (!chosen) throw new ChatError({ kind: 'no-model', url: serverUrl(this.settings().url, document.baseURI) });
    found.chosen = chosen;
    this.#look(found);
    return chosen;
  }

  get #base(): URL | undefined {
    return baseOf(this.settings());
  }

  /** Whether it is Ollama's own API. */
  get speaksOllama(): boolean {
    return !this.settings().client && apiOf(this.settings()) !== 'openai';
  }

  get #info(): ModelInfo | undefined {
    return this.#found.models.find(info => this.#isModel(info));
  }

  #isModel(info: ModelInfo): boolean {
    return isSameModel(info.name, this.model);
  }

  /** One client for all requests under the same settings. @throws {ChatError} `bad-url` */
  async #client(found: Findings): Promise<ChatClient> {
    const onRefused = (model: string, field: unknown) => {
      found.refused.add(`${model} ${String(field)}`);
      this.host.requestUpdate();
    };
    return (found.client ??= createClient(this.settings, { onRetry: this.onRetry, onRefused }).catch((error: unknown) => {
      found.client = undefined;
      throw error;
    }));
  }

  /** Begins anew when the settings have changed; who had touched the widget before has not let go of it. */
  #keepUp(): Findings {
    const { url, model, api, client, headers } = this.settings();
    const key = JSON.stringify([url, model, api]);
    const { touched, isListed, own, headers: before } = this.#found;
    // With other headers a server may let in whom it has refused. A function is asked each time anyway.
    if (key === this.#found.key && client === own && (isListed || JSON.stringify(headers) === before)) return this.#found;
    this.#begin(key);
    if (touched) this.touch();
    return this.#found;
  }

  #begin(key: string) {
    this.#found.ended.abort();
    const { client, headers } = this.settings();
    const found = (this.#found = new Findings(key, client, JSON.stringify(headers)));
    // An earlier choice counts within what the page allows.
    found.chosen = this.allowed.find(name => name === rememberedModel(this.settings()));
    const base = this.#base;
    if (!base || !addressSpace(base.hostname) || addressSpace(location.hostname)) return;
    // Said before the browser asks, and only where it may.
    void import('./page')
      .then(({ mayAsk }) => mayAsk(base.href))
      .then(
        mayAsk => {
          found.mayAsk = mayAsk;
          if (mayAsk && found === this.#found) this.host.requestUpdate();
        },
        () => {}, // then it is not said
      );
  }

  /** One list for all who ask; nobody's Stop ends it for the others. */
  async #list(found: Findings): Promise<ModelInfo[]> {
    const listing = (found.listing ??= this.#client(found).then(client => client.models?.({ signal: found.ended.signal }) ?? []));
    try {
      found.models = await listing;
      found.isListed = true;
      found.mayAsk = false;
      this.#look(found);
      return found.models;
    } catch (error) {
      if (found.listing === listing) found.listing = undefined;
      // A server may lack these lists and chat all the same: only one that gives no answer at all has failed.
      if (found === this.#found && found.state !== 'loaded' && error instanceof ChatError && isUnanswered(error.detail))
        this.reportFailure(error, found);
      throw error;
    }
  }

  /** The models in memory; `undefined` where the server does not tell. */
  async #lookUp(found: Findings): Promise<ModelInfo[] | undefined> {
    const ollama = await this.ollama(found).catch(() => undefined);
    const loaded = await ollama?.ps({ signal: found.ended.signal }).catch(() => undefined);
    const length = loaded?.find(info => this.#isModel(info))?.context_length;
    if (length && found === this.#found) {
      found.contextLength = length;
      this.host.requestUpdate();
    }
    return loaded;
  }

  async #preload(found: Findings) {
    const { preload: when } = this.settings();
    const model = await this.#resolveModel(found.ended.signal);
    const ollama = await this.ollama(found);
    await found.listing?.catch(() => {});
    const settings = loadSettings(this.settings(), found.wantedContext);
    if (when === 'none' || !ollama || found.state !== 'idle' || Number.parseFloat(`${settings.keep_alive}`) === 0) return;
    // A cloud model is nowhere to be loaded, nor one that is not installed.
    if (isCloud(this.#info ?? { name: model }) || this.lacks(model)) return;
    found.state = 'loading';
    this.host.requestUpdate();
    found.loading = new AbortController();
    const loaded = await preload(ollama, model, settings, AbortSignal.any([found.loading.signal, found.ended.signal]));
    if (loaded) found.loadedAt = performance.now();
    if (found.state === 'loading') found.state = loaded ? 'loaded' : 'idle';
    if (found === this.#found) this.host.requestUpdate();
  }

  /** Reads from the list how the model is. */
  #look(found: Findings) {
    if (found !== this.#found) return;
    found.look(this.#info);
    this.host.requestUpdate();
  }
}
