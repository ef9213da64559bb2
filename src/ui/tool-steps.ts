/** The steps of tools as they are seen: folded lines, and the question before one. Decides nothing; all words of model and tool are text. */
import type { Step } from '../tools/calls';
import type { ToolStrings } from '../i18n/tools-en';
import type { Consent } from './consents';
import type { Kit } from './kit';
import { NEXT } from './shapes';

/** A step, running or long done. */
export interface SeenStep {
  name: string;
  title: string;
  /** Whose it is: a host; nothing where it is the page's. */
  origin?: string | undefined;
  args: Record<string, unknown>;
  /** `stopped`: the answer ended before it was done. */
  state: Step['state'] | 'stopped';
  result: string;
  progress?: string | undefined;
  /** The question before it. */
  consent?: Consent | undefined;
}

interface StepsProps {
  kit: Kit;
  words: ToolStrings;
  steps: readonly SeenStep[];
  /** Whether the model has said nothing after them. */
  isUnanswered: boolean;
}

/** How much is shown of what is done, in characters and in lines: the rest is for the model. */
const SHOWN = 4000;
const LINES = 100;

const ICONS = {
  tool: 'M14.6 6.4a4.3 4.3 0 0 1 5.5-1.9l-2.7 2.7.4 2 2 .4 2.7-2.7a4.3 4.3 0 0 1-5.9 5.3l-7.8 7.8a2 2 0 0 1-2.9-2.9l7.8-7.8a4.3 4.3 0 0 1 .9-2.9Z',
  refused: 'M5.6 5.6l12.8 12.8M20.5 12a8.5 8.5 0 1 1-17 0 8.5 8.5 0 0 1 17 0Z',
  failed: 'M20.5 12a8.5 8.5 0 1 1-17 0 8.5 8.5 0 0 1 17 0ZM12 7.5v5.5M12 16.2v.010',
};

/** Below the text of the reply that called them. */
export const toolSteps = ({ kit, words, steps, isUnanswered }: StepsProps): unknown =>
  kit.html`<div class="steps">
    ${steps.map(step => {
      if (step.consent) return card(kit, words, step, step.consent);
      return ['waiting', 'asking', 'running'].includes(step.state) ? line(kit, words, step) : folded(kit, words, step);
    })}
    ${isUnanswered ? kit.html`<p class="unanswered">${words.unanswered}</p>` : kit.nothing}
  </div>`;

/** It is not done. */
function line({ html }: Kit, words: ToolStrings, { title, state, progress }: SeenStep): unknown {
  return html`<div class="step ${state}">
    <p><span class="waiting-dot"></span><span><strong><bdi>${shown(title)}</bdi></strong> <bdi>${shown(progress ?? '') || words.toolStates[state]}</bdi></span></p>
  </div>`;
}

function folded(kit: Kit, words: ToolStrings, { title, args, state, result }: SeenStep): unknown {
  const { html } = kit;
  return html`<details class="step ${state}">
    <summary>${state === 'done' ? kit.doneIcon : icon(kit, state === 'failed' ? ICONS.failed : ICONS.refused)}<span><strong><bdi>${shown(title)}</bdi></strong> ${words.toolStates[state]}</span>${icon(kit, NEXT, 'turn')}</summary>
    <div class="step-body">
      <h3>${words.given}</h3>
      ${given(kit, words, Object.entries(args).slice(0, LINES), cut)}
      <h3>${words.result}</h3>
      <pre tabindex="0" dir="auto">${shown(cut(result))}</pre>
    </div>
  </details>`;
}

function card(kit: Kit, words: ToolStrings, { name, title, origin, args }: SeenStep, consent: Consent): unknown {
  const { html, fill, nothing } = kit;
  const question = fill(words.letUse, { tool: title });
  const answer = (allows: boolean) => (event: MouseEvent) => {
    // It was meant for something else: what was there before, or the question before this one.
    if (!consent.isSeen || event.detail > 1) return;
    const box = (event.currentTarget as Element).closest('.consent')?.querySelector('input');
    consent.answer(allows, !!box?.checked);
  };
  return html`<div class="consent" part="notice" role="group" aria-label=${question}>
    <div class="consent-head">${icon(kit, ICONS.tool)}<strong>${question}</strong><code><bdi>${shown(name)}</bdi></code>
      ${origin ? html`<span class="origin">${fill(words.from, { host: origin })}</span>` : nothing}
    </div>
    ${given(kit, words, Object.entries(args), whole)}
    <div class="consent-ways">
      <button type="button" class="outlined" aria-disabled=${consent.isSeen ? nothing : 'true'} @click=${answer(false)}>${words.refuse}</button>
      <button type="button" class="primary" aria-disabled=${consent.isSeen ? nothing : 'true'} @click=${answer(true)}>${words.allowOnce}</button>
    </div>
    <label><input type="checkbox" />${words.dontAskAgain}</label>
  </div>`;
}

function given({ html }: Kit, words: ToolStrings, entries: [string, unknown][], part: (text: string) => string): unknown {
  if (!entries.length) return html`<p>${words.nothingGiven}</p>`;
  return html`<dl class="given" tabindex="0" aria-label=${words.given}>
    ${entries.map(([name, value]) => html`<dt><bdi>${shown(name)}</bdi></dt><dd dir="auto">${shown(part(typeof value === 'string' ? value : JSON.stringify(value, null, 1)))}</dd>`)}
  </dl>`;
}

/** What changes how a text reads, and cannot be seen itself. */
const UNSEEN = /(?![\n\r\t\u200c\u200d])[\p{Cc}\p{Cf}]/gu;

/** A visitor allows what is there, not what it looks like. */
const shown = (text: string) =>
  text.replace(UNSEEN, character => `‹U+${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0') ?? ''}›`);

/** What is asked about is seen to its end: `calls.ts` sends back what is too long for that. */
const whole = (text: string) => text;

const cut = (text: string) => (text.length > SHOWN ? `${text.slice(0, SHOWN)} …` : text);

const icon = ({ html }: Kit, path: string, name = '') =>
  html`<svg viewBox="0 0 24 24" class=${name} aria-hidden="true"><path d=${path} /></svg>`;
