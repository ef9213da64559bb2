/** Which model answers: the name in the header opens the list of those that the page allows and that can chat. */
import { isCloud, isSameModel, mayChat } from '../conversation/model-choice';
import { ChatModelChangeEvent } from '../events';
import type { ModelInfo } from '../protocol/client';
import { formatBytes } from './bytes';
import type { ExtrasContext } from './extras-host';
import { rememberModel } from './model-memory';

export { styles } from '../styles/picker';

/** So many can be looked over without a search. */
const FEW = 8;

/** One line of the list. */
interface Choice {
  name: string;
  /** What the server says of it; absent where it does not have it. */
  info: ModelInfo | undefined;
}

export class Picker {
  readonly #context: ExtrasContext;
  #isOpen = false;
  #query = '';
  /** The one that Enter would choose. */
  #active = '';
  #outside: AbortController | undefined;

  constructor(context: ExtrasContext) {
    this.#context = context;
  }

  close(): void {
    this.#outside?.abort();
    this.#isOpen = false;
    this.#query = '';
    this.#context.changed();
  }

  /** In the place of the model's name; `undefined` where there is nothing to choose. */
  get button(): unknown {
    const { kit, host, server, words } = this.#context;
    const { html, fill } = kit;
    const { model } = server;
    if (host.noPicker || !model || this.#choices.length < 2) return undefined;
    return html`<button
      type="button"
      class="model-button"
      aria-haspopup="listbox"
      aria-expanded=${this.#isOpen}
      aria-label=${fill(words().modelNow, { model })}
      title=${model}
      @click=${() => this.#toggle()}
    >
      <span class="model">${kit.shortName(model)}</span><svg viewBox="0 0 24 24" aria-hidden="true"><path d="m7 10 5 5 5-5" /></svg>
    </button>`;
  }

  get menu(): unknown {
    const { kit, words } = this.#context;
    const { html, nothing, fill } = kit;
    if (!this.#isOpen) return nothing;
    const { chooseModel, searchModels, noModelFound } = words();
    const shown = this.#shown;
    const active = shown.findIndex(({ name }) => name === this.#active);
    const id = active < 0 ? nothing : `model-${active}`;
    const hasSearch = this.#choices.length > FEW;
    return html`<div class="picker" @keydown=${(event: KeyboardEvent) => this.#onKey(event)}>
      ${
        hasSearch
          ? html`<input
              type="text"
              role="combobox"
              aria-label=${searchModels}
              aria-expanded="true"
              aria-controls="models"
              aria-autocomplete="list"
              aria-activedescendant=${id}
              placeholder=${searchModels}
              autocomplete="off"
              spellcheck="false"
              .value=${this.#query}
              @input=${(event: InputEvent) => this.#search((event.currentTarget as HTMLInputElement).value)}
            />`
          : nothing
      }
      <ul id="models" role="listbox" aria-label=${chooseModel} tabindex=${hasSearch ? nothing : 0} aria-activedescendant=${hasSearch ? nothing : id}>
        ${shown.map((choice, index) => this.#option(choice, index, index === active))}
      </ul>
      ${shown.length ? nothing : html`<p role="status">${fill(noModelFound, { query: this.#query })}</p>`}
    </div>`;
  }

  #option({ name, info }: Choice, index: number, isActive: boolean): unknown {
    const { kit, server } = this.#context;
    const { html, nothing, doneIcon } = kit;
    const isChosen = isSameModel(name, server.model);
    return html`<li
      id=${`model-${index}`}
      role="option"
      aria-selected=${isChosen}
      class=${isActive ? 'active' : ''}
      @click=${() => this.#choose(name)}
      @pointermove=${() => this.#activate(name)}
    >
      <div>
        <div class="picker-name" title=${name}>${kit.shortName(name)}</div>
        <div class="picker-facts">${info?.expires_at === undefined ? nothing : html`<span class="dot loaded"></span>`}${this.#facts(name, info)}</div>
      </div>
      ${isChosen ? doneIcon : nothing}
    </li>`;
  }

  #facts(name: string, info: ModelInfo | undefined): string {
    const { server, words, surroundings } = this.#context;
    const { loaded, cloud, notInstalled } = words();
    if (server.lacks(name)) return notInstalled;
    const { details, size, capabilities, expires_at } = info ?? {};
    const isAway = isCloud(info ?? { name });
    return [
      expires_at !== undefined && loaded,
      isAway && cloud,
      details?.parameter_size,
      details?.quantization_level !== 'unknown' && details?.quantization_level,
      size && !isAway && formatBytes(size, surroundings().lang),
      capabilities?.filter(word => word !== 'completion').join(', '),
    ]
      .filter(Boolean)
      .join(' \u00b7 ');
  }

  /** Those that the page allows, else those that the server has and that can chat. */
  get #choices(): Choice[] {
    const { server } = this.#context;
    const { models, allowed } = server;
    if (allowed.length) return allowed.map(name => ({ name, info: models.find(info => isSameModel(info.name, name)) }));
    return models.filter(mayChat).map(info => ({ name: info.name, info }));
  }

  get #shown(): Choice[] {
    const wanted = this.#query.trim().toLowerCase();
    return this.#choices.filter(({ name }) => name.toLowerCase().includes(wanted));
  }

  #toggle() {
    if (this.#isOpen) return this.close();
    const { host, server, changed } = this.#context;
    // Others may have been loaded, or installed, since.
    void server.refresh().catch(() => {});
    this.#isOpen = true;
    this.#active = this.#choices.find(({ name }) => isSameModel(name, server.model))?.name ?? '';
    changed();
    void host.updateComplete.then(() => this.#onOpen());
  }

  #onOpen() {
    const { shadowRoot: root, isConnected } = this.#context.host;
    this.#outside?.abort();
    if (!this.#isOpen || !isConnected) return;
    root?.querySelector<HTMLElement>('.picker :is(input, [tabindex])')?.focus();
    root?.querySelector('.picker .active')?.scrollIntoView({ block: 'nearest' });
    const { signal } = (this.#outside = new AbortController());
    const onOutside = (event: Event) => {
      const isInside = event.composedPath().some(target => target instanceof Element && target.matches('.picker, .model-button'));
      if (!isInside) this.close();
    };
    // Whatever else takes the pointer or the focus. Where that moves within the chat the document does not hear of it.
    document.addEventListener('pointerdown', onOutside, { signal });
    for (const place of [document, root]) place?.addEventListener('focusin', onOutside, { signal });
  }

  #search(text: string) {
    this.#query = text;
    this.#active = this.#shown[0]?.name ?? '';
    this.#context.changed();
  }

  #activate(name: string) {
    if (name === this.#active) return;
    this.#active = name;
    this.#context.changed();
    void this.#context.host.updateComplete.then(() =>
      this.#context.host.shadowRoot?.querySelector('.picker .active')?.scrollIntoView({ block: 'nearest' }),
    );
  }

  #onKey(event: KeyboardEvent) {
    const { key } = event;
    // A browser's own shortcut, or a key that belongs to a composition.
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.keyCode === 229) return;
    const shown = this.#shown;
    const at = shown.findIndex(({ name }) => name === this.#active);
    const isTyping = event.target instanceof HTMLInputElement;
    const places: Record<string, number> = {
      ArrowDown: (at + 1) % shown.length,
      ArrowUp: (at < 1 ? shown.length : at) - 1,
      ...(!isTyping && { Home: 0, End: shown.length - 1 }),
    };
    if (key === 'Escape') this.#leave();
    else if (key === 'Enter' || (key === ' ' && !isTyping)) this.#choose(this.#active);
    else if (key in places) this.#activate(shown[places[key] ?? 0]?.name ?? '');
    else if (!isTyping && key.length === 1) this.#jump(key, at);
    else return;
    event.preventDefault();
    // The popup itself closes on Escape.
    event.stopPropagation();
  }

  /** To the next one that begins so. */
  #jump(letter: string, at: number) {
    const shown = this.#shown;
    const next = [...shown.slice(at + 1), ...shown].find(({ name }) =>
      this.#context.kit.shortName(name).toLowerCase().startsWith(letter.toLowerCase()),
    );
    if (next) this.#activate(next.name);
  }

  #leave() {
    // First, so that the focus is never lost with the list.
    this.#context.host.shadowRoot?.querySelector<HTMLElement>('.model-button')?.focus();
    this.close();
  }

  #choose(name: string) {
    const { kit, host, server, words, surroundings } = this.#context;
    if (!name) return;
    if (!isSameModel(name, server.model)) {
      rememberModel(host, name, host.persist === true || host.persist === 'browser');
      server.choose(name);
      surroundings().announce(kit.fill(words().newModel, { model: kit.shortName(name) }));
      host.dispatchEvent(new ChatModelChangeEvent(name));
    }
    this.#leave();
  }
}
