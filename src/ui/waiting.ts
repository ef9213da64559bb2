/** Waits honestly: says what for and how long, since a model can take minutes to load without a byte. */
import { css, html, nothing, type ReactiveController, type ReactiveControllerHost } from 'lit';
import type { Phase } from '../conversation/conversation';
import { duration, fill, type Strings } from '../i18n/strings';
import type { Retry } from '../protocol/request';
import { shortName } from './header';

/** Shorter waits are no news, in milliseconds. */
const WORTH_A_WORD = 2000;

/** How often the server is asked what it is doing, in milliseconds. */
const ASKING = 5000;

/** Silence in the middle of an answer that brings the dot back, in milliseconds: a local model can be slow. */
const SILENCE = 1000;

/** How often a long wait is mentioned again to assistive technology, in milliseconds. */
const REMINDER = 15_000;

/** What is known about a wait. `until` is when the next attempt begins, as `performance.now()` counts. */
export type News = { name: 'loading' | 'reading' } | (Retry & { name: 'retrying'; until: number });

/** Updates its host once a second while an answer is on its way, and only then; finds out what is being waited for. */
export class WaitingController implements ReactiveController {
  #timer: ReturnType<typeof setInterval> | undefined;
  #phase: Phase = { name: 'idle' };
  #news: News | undefined;
  #asked = -Infinity;

  /** @param ask what the server says it is doing; asked only where a wait is long. Never rejects. */
  constructor(
    readonly host: ReactiveControllerHost & Element,
    readonly ask: () => Promise<'loading' | 'reading' | undefined>,
  ) {
    host.addController(this);
  }

  /** What is known about the wait that is going on. */
  get news(): News | undefined {
    const news = this.#news;
    return news?.name === 'retrying' && news.until < performance.now() ? undefined : news;
  }

  /** The conversation has changed. */
  follow(phase: Phase): void {
    const was = 'reply' in this.#phase && this.#phase.reply.id;
    const is = 'reply' in phase && phase.reply.id;
    this.#phase = phase;
    if (is === was) return;
    this.#news = undefined;
    this.#asked = -Infinity;
    this.hostConnected();
  }

  /** The server was busy and will be asked again. */
  retry(retry: Retry): void {
    this.#news = { ...retry, name: 'retrying', until: performance.now() + retry.delay * 1000 };
    this.host.requestUpdate();
  }

  hostConnected(): void {
    this.hostDisconnected();
    if (this.host.isConnected && 'reply' in this.#phase) this.#timer = setInterval(() => this.#tick(), 1000);
  }

  hostDisconnected(): void {
    clearInterval(this.#timer);
  }

  #tick() {
    this.host.requestUpdate();
    const phase = this.#phase;
    const now = performance.now();
    if (phase.name !== 'waiting' || now - phase.since < WORTH_A_WORD || now - this.#asked < ASKING) return;
    if (this.news?.name === 'retrying') return;
    this.#asked = now;
    void this.ask().then(name => {
      // Its silence changes nothing, and an answer that comes too late neither.
      const isLate = this.#phase.name !== 'waiting' || this.#phase.reply.id !== phase.reply.id;
      if (!name || isLate || this.news?.name === 'retrying') return;
      this.#news = { name };
      this.host.requestUpdate();
    });
  }
}

/** Whether nothing has come for so long that it should be said. */
export const isSilent = (phase: Phase) => phase.name === 'waiting' || ('since' in phase && phase.name !== 'tool' && performance.now() - phase.since > SILENCE);

const wordsFor = (strings: Strings, model: string, news: News | undefined) =>
  fill(news ? strings[news.name] : model ? strings.waitingFor : strings.waiting, { ...news, model: shortName(model) });

/** The line in the log. The ticking is for eyes only: the status says it once. */
export function waitingLine(strings: Strings, model: string, since: number, news: News | undefined) {
  const now = performance.now();
  // Waits count up; the one for another attempt counts down.
  const time = news?.name === 'retrying' ? news.until - now : now - since;
  const isNews = news || now - since > WORTH_A_WORD;
  return html`<p class="waiting" aria-hidden="true">
    <span class="waiting-dot"></span>${isNews ? fill(strings.timed, { what: wordsFor(strings, model, news), time: duration(strings, time) }) : nothing}
  </p>`;
}

/** What assistive technology is told while an answer is on its way: each thing once, not every second. */
export function statusText(strings: Strings, phase: Phase, model: string, news: News | undefined): string {
  // Tools say by themselves what they do.
  if (!('since' in phase) || phase.name === 'tool') return '';
  const waited = Math.floor((performance.now() - phase.since) / REMINDER) * REMINDER;
  const what =
    phase.name === 'waiting' || waited
      ? wordsFor(strings, model, news)
      : { thinking: strings.thinking, answering: strings.answering }[phase.name];
  return waited ? fill(strings.timed, { what, time: duration(strings, waited) }) : what;
}

export const waitingStyles = css`
  .waiting {
    display: flex;
    align-items: center;
    gap: 10px;
    margin: 0 0 20px;
    color: var(--_muted);
    font-variant-numeric: tabular-nums;
    overflow-wrap: anywhere;
  }

  .waiting-dot {
    flex: none;
    inline-size: 8px;
    block-size: 8px;
    margin-block: 7px;
    border-radius: 50%;
    background: var(--_text);
    animation: pulse 1.6s ease-in-out infinite;
  }
`;
