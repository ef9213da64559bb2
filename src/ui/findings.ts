/** What a chat has found out about its server and model. */
import type { ChatClient, ChatRequest, ModelInfo } from '../protocol/client';
import type { ModelState } from './header';

/** All that was found out under one server and model. Other settings begin another one: what comes late lands in the old. */
export class Findings {
  state: ModelState = 'idle';
  chosen: string | undefined;
  models: ModelInfo[] = [];
  client: Promise<ChatClient> | undefined;
  listing: Promise<ModelInfo[]> | undefined;
  touched = false;
  /** Whether `models` are all that there are. */
  isListed = false;
  /** Whether the browser may ask the visitor before the first request. */
  mayAsk = false;
  /** How many tokens the model reads, as it is loaded now. */
  contextLength: number | undefined;
  /** What the visitor wants that to be. */
  wantedContext: number | undefined;
  /** Whether, or how much, the visitor wants it to think. */
  wantedThink: ChatRequest['think'];
  /** What models have refused to be asked with, as `model field`. */
  refused = new Set<string>();
  readonly ended = new AbortController();
  loading: AbortController | undefined;
  /** When the model was last known to be loaded, as `performance.now()` counts. */
  loadedAt = -Infinity;

  constructor(
    readonly key: string,
    /** The page's own. */
    readonly own?: ChatClient,
    /** The page's, as JSON. */
    readonly headers?: string,
  ) {}

  /** What the list says of the model, where it is in it. */
  look(info: ModelInfo | undefined): void {
    if (this.state === 'loading') return;
    this.contextLength = info?.context_length ?? this.contextLength;
    if (info || this.state !== 'loaded') this.state = info?.expires_at === undefined ? 'idle' : 'loaded';
    if (info?.expires_at !== undefined) this.loadedAt = performance.now();
  }
}
