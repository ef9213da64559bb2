/** Waits honestly: says what for and how long, since a model can take minutes to load without a byte. */
import { css, html, nothing, type ReactiveController, type ReactiveControllerHost } from 'lit';
import type { Phase } from '../conversation/conversation';
import { duration, fill, type Strings } from '../i18n/strings';

/** Shorter waits are no news, in milliseconds. */
const WORTH_A_WORD = 2000;

/** Silence in the middle of an answer that brings the dot back, in milliseconds: a local model can be slow. */
const SILENCE = 1000;

/** Updates its host once a second while an answer is on its way, and only then. */
export class WaitingClock implements ReactiveController {
  #timer: ReturnType<typeof setInterval> | undefined;
  #busy = false;

  constructor(readonly host: ReactiveControllerHost) {
    host.addController(this);
  }

  run(busy: boolean): void {
    if (busy === this.#busy) return;
    this.#busy = busy;
    this.hostDisconnected();
    this.hostConnected();
  }

  hostConnected(): void {
    if (this.#busy) this.#timer = setInterval(() => this.host.requestUpdate(), 1000);
  }

  hostDisconnected(): void {
    clearInterval(this.#timer);
  }
}

/** Whether nothing has come for so long that it should be said. */
export const isSilent = (phase: Phase) => phase.name === 'waiting' || ('since' in phase && performance.now() - phase.since > SILENCE);

/** The line in the log. The ticking is for eyes only: the status says it once. */
export function waitingLine(strings: Strings, model: string, since: number) {
  const waited = performance.now() - since;
  return html`<p class="waiting" aria-hidden="true">
    <span class="waiting-dot"></span>${waited > WORTH_A_WORD ? fill(strings.waiting, { model, time: duration(strings, waited) }) : nothing}
  </p>`;
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
