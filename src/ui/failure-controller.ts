/**
 * The failure that is being shown: fetches what explains it with the first one, and keeps what the visitor does there.
 * Where that is not to be had, a few words are here.
 */
import { html, nothing, type ReactiveController, type ReactiveControllerHost } from 'lit';
import type { ChatError } from '../errors';
import { type FailureStrings, loadFailureStrings, override, type StringOverrides, type Strings } from '../i18n/strings';
import { adopt } from '../markdown/late-styles';
import type * as part from './failure';
import { kit } from './kit';
import type { ServerController } from './server-controller';

/** What the failure depends on, beside itself. */
export interface Surroundings {
  strings: Strings;
  overrides: StringOverrides | null;
  lang: string;
  /** The server as the header names it. */
  place: string;
  onRetry: () => void;
  /** Fetches a model that the server lacks; absent where visitors may not. */
  onDownload: ((model: string) => void) | undefined;
}

type Part = typeof part;

export class FailureController implements ReactiveController {
  #error: ChatError | undefined;
  /** `null` where it cannot be loaded. */
  #part: Part | null | undefined;
  #words: FailureStrings | undefined;
  #lang = '';
  #chosen = 0;
  #isBack = false;
  #watch: AbortController | undefined;

  constructor(
    readonly host: ReactiveControllerHost & HTMLElement,
    readonly server: ServerController,
    readonly surroundings: () => Surroundings,
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    this.#listen();
  }

  hostDisconnected(): void {
    this.#watch?.abort();
  }

  /** The failure to show from now on; `undefined` for none. */
  show(error: ChatError | undefined): void {
    if (error === this.#error) return;
    this.#error = error;
    this.#isBack = false;
    this.#watch?.abort();
    if (error) void this.#load();
  }

  /** Nothing until the words are here, which takes a moment. */
  get template() {
    const { strings, overrides, lang, place, onRetry, onDownload } = this.surroundings();
    const { onThisComputer, speaksOllama: isOllama } = this.server;
    if (!this.#error || this.#part === undefined) return nothing;
    if (!this.#part || !this.#words) return brief(strings, this.#error, onRetry);
    if (lang !== this.#lang) void this.#load();
    return this.#part.failure(kit, {
      strings: { ...strings, ...override(this.#words, overrides) },
      ...{ detail: this.#error.detail, place, onThisComputer, isOllama },
      chosen: this.#chosen,
      isBack: this.#isBack,
      onRetry,
      onDownload,
      onSystem: index => {
        this.#chosen = index;
        this.host.requestUpdate();
      },
    });
  }

  async #load() {
    const { lang } = this.surroundings();
    const before = this.#lang;
    const isLate = this.#part === null;
    this.#lang = lang;
    try {
      const [part, words] = await Promise.all([
        this.#part ?? import('./failure'),
        this.#words && before === lang ? this.#words : loadFailureStrings(lang),
      ]);
      this.#part = part;
      // Of another language by now? Then those words are on their way.
      if (lang === this.#lang) this.#words = words;
      if (this.host.shadowRoot) adopt(this.host.shadowRoot, this.#part.styles);
    } catch {
      // What keeps the server away may have kept them away, too: they are asked for again once that may have changed.
      this.#part ??= null;
    }
    this.#listen(isLate);
    this.host.requestUpdate();
  }

  #listen(isLate = false) {
    const error = this.#error;
    if (!error || this.#isBack || !this.host.isConnected) return;
    this.#watch?.abort();
    const { signal } = (this.#watch = new AbortController());
    if (!this.#part) return addEventListener('online', () => this.#load(), { signal });
    const onBack = () => {
      this.#isBack = true;
      this.host.requestUpdate();
    };
    this.#part.watchRecovery(error.detail, ended => this.server.isBack(ended), onBack, signal, isLate);
  }
}

/** For a script that was copied without its parts, or a device that is offline when it needs them. */
function brief({ notAvailable, offline, forOwner, tryAgain }: Strings, { message }: ChatError, onRetry: () => void) {
  return html`<div part="notice" role="alert">
    <strong>${navigator.onLine ? notAvailable.title : offline}</strong>
    <p>${notAvailable.hint}</p>
    <details>
      <summary>${forOwner}</summary>
      <p>${message.slice(0, 300)}</p>
    </details>
    <button type="button" class="primary" @click=${onRetry}>${tryAgain}</button>
  </div>`;
}
