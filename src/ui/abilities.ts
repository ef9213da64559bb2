/**
 * What the model in use can do, as `/api/show` says: the list of models falls short even on current servers.
 * Unknown is allowed: then the model itself has the last word.
 */
import { ChatError } from '../errors';
import type { RequestMessage } from '../protocol/client';
import type { ExtrasContext } from './extras-host';
import type { ServerController } from './server-controller';

/** Models that know how much to think, and cannot be kept from it. */
const TAKES_LEVELS = /gpt-?oss/i;

const LEVELS = ['low', 'medium', 'high'] as const;

class Known {
  /** `undefined`: unknown. */
  capabilities: string[] | undefined;

  constructor(readonly model: string) {}

  /** Whether it can do that, or nobody knows. */
  can(capability: 'vision' | 'thinking' | 'tools'): boolean {
    return this.capabilities?.includes(capability) ?? true;
  }

  /** Leaves out what a model cannot see. @throws {ChatError} `capability-missing` where that is the question itself. */
  readonly sight = (messages: RequestMessage[]): RequestMessage[] => {
    if (this.can('vision')) return messages;
    if (messages.findLast(({ role }) => role === 'user')?.images?.length) {
      throw new ChatError({ kind: 'capability-missing', model: this.model, capability: 'vision', text: '' });
    }
    return messages.map(message => {
      const { images: _, ...rest } = message;
      return rest;
    });
  };
}

export class Abilities {
  readonly #context: ExtrasContext;
  /** By server and model. */
  readonly #known = new Map<string, Promise<Known>>();
  #current: Known | undefined;
  #asked = '';
  /** The page's own client, of which this is known. */
  #own: unknown;
  #gone = new AbortController();

  constructor(context: ExtrasContext) {
    this.#context = context;
  }

  /** The widget has left the page. */
  close(): void {
    this.#gone.abort();
    this.#gone = new AbortController();
  }

  /** Another model may be in use. */
  update(): void {
    const { server } = this.#context;
    const { model } = server;
    if (!model || !server.isTouched) return;
    // One that the server lacks is asked about once it is there, and one of a server that was away once it is back.
    const { client } = server.settings();
    if (client !== this.#own) this.#known.clear();
    this.#own = client;
    const key = server.lacks(model) || server.state === 'failed' ? '' : keyOf(server, model);
    if (key === this.#asked) return;
    this.#asked = key;
    this.#current = undefined;
    if (key) void this.learn(model);
  }

  /** Whether the model in use can do that, or nobody knows. */
  can(capability: 'vision' | 'thinking' | 'tools'): boolean {
    return this.#current?.can(capability) ?? true;
  }

  /** What is known of a model, once the server has said it. */
  async learn(model: string): Promise<Known> {
    const { server, changed } = this.#context;
    const key = keyOf(server, model);
    let asking = this.#known.get(key);
    if (!asking) this.#known.set(key, (asking = this.#ask(model)));
    const known = await asking;
    // Asked again next time.
    if (!known.capabilities) this.#known.delete(key);
    if (key === this.#asked && known !== this.#current) {
      this.#current = known;
      changed();
    }
    return known;
  }

  async #ask(model: string): Promise<Known> {
    const known = new Known(model);
    try {
      const ollama = await this.#context.server.ollama();
      // Others say it in their list, where they say it at all.
      const told = ollama
        ? await ollama.show(model, { signal: this.#gone.signal })
        : this.#context.server.models.find(({ name }) => name === model);
      known.capabilities = told?.capabilities;
    } catch {
      // Whoever asks the model will hear of it.
    }
    return known;
  }

  /** Switches thinking on and off, or through its levels. */
  get thinkButton(): unknown {
    const { kit, server, words } = this.#context;
    const { html, nothing, fill } = kit;
    // Shown only where it surely works.
    if (!this.#current?.capabilities?.includes('thinking')) return nothing;
    const { think, thinkLevel, thinkLevels } = words();
    const { model = '' } = server;
    if (!TAKES_LEVELS.test(model)) {
      const isOn = server.think !== false;
      // As much as the page wants it to.
      const { think: wanted } = server.settings();
      return html`<button
        type="button"
        class="icon-button think"
        aria-label=${think}
        title=${think}
        aria-pressed=${isOn}
        @click=${() => server.setThink(!isOn && (wanted || true))}
      >
        ${thinkIcon(kit)}
      </button>`;
    }
    const level = LEVELS.find(name => name === server.think) ?? 'medium';
    const next = LEVELS[(LEVELS.indexOf(level) + 1) % LEVELS.length];
    const name = fill('{what}: {level}', { what: thinkLevel, level: thinkLevels[level] });
    return html`<button type="button" class="icon-button think" aria-label=${name} title=${name} aria-pressed="true" @click=${() => server.setThink(next)}>
      ${thinkIcon(kit)}<span aria-hidden="true">${LEVELS.indexOf(level) + 1}</span>
    </button>`;
  }
}

/** Gateways may differ by their paths alone. */
const keyOf = ({ settings }: ServerController, model: string) => `${settings().url} ${settings().api} ${model}`;

const thinkIcon = ({ html }: ExtrasContext['kit']) =>
  html`<svg viewBox="0 0 24 24" aria-hidden="true">
    <path d="M9.5 18.5h5M10.5 21h3M12 3a6.5 6.5 0 0 0-3.8 11.8c.8.6 1.3 1.2 1.3 2.2v1.5h5V17c0-1 .5-1.600 1.300-2.200A6.500 6.500 0 0 0 12 3Z" />
  </svg>`;
