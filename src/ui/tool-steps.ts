/** The steps of tools as they are seen: folded lines, and the question before one. Decides nothing; all words of model and tool are text. */
import type { Step } from '../tools/calls';
import type { ToolStrings } from '../i18n/tools-en';
import type { Kit } from './kit';
import { NEXT } from './shapes';

/** A step, running or long done. */
export interface SeenStep {
  name: string;
  title: string;
  args: Record<string, unknown>;
  state: Step['state'];
  result: string;
  progress?: string | undefined;
}

/** What the visitor answers. */
export interface Consent {
  answer: (allows: boolean, forGood: boolean) => void;
}

interface StepsProps {
  kit: Kit;
  words: ToolStrings;
  steps: readonly SeenStep[];
  consentOf: (index: number) => Consent | undefined;
}

/** How much of a text is shown, in characters: the rest is for the model. */
const SHOWN = 4000;

const ICONS = {
  tool: 'M14.6 6.4a4.3 4.3 0 0 1 5.5-1.9l-2.7 2.7.4 2 2 .4 2.7-2.7a4.3 4.3 0 0 1-5.9 5.3l-7.8 7.8a2 2 0 0 1-2.9-2.9l7.8-7.8a4.3 4.3 0 0 1 .9-2.9Z',
  refused: 'M5.6 5.6l12.8 12.8M20.5 12a8.5 8.5 0 1 1-17 0 8.5 8.5 0 0 1 17 0Z',
  failed: 'M20.5 12a8.5 8.5 0 1 1-17 0 8.5 8.5 0 0 1 17 0ZM12 7.5v5.5M12 16.2v.010',
};

/** Below the text of the reply that called them. */
export const toolSteps = ({ kit, words, steps, consentOf }: StepsProps): unknown =>
  kit.html`<div class="steps">
    ${steps.map((step, index) => {
      const consent = step.state === 'asking' ? consentOf(index) : undefined;
      if (consent) return card(kit, words, step, consent);
      return step.state === 'done' || step.state === 'refused' || step.state === 'failed'
        ? folded(kit, words, step)
        : line(kit, words, step);
    })}
  </div>`;

/** It is not done. */
function line({ html }: Kit, words: ToolStrings, { title, state, progress }: SeenStep): unknown {
  return html`<div class="step ${state}">
    <p><span class="waiting-dot"></span><strong><bdi>${title}</bdi></strong><bdi>${cut(progress ?? '') || words.toolStates[state]}</bdi></p>
  </div>`;
}

function folded(kit: Kit, words: ToolStrings, { title, args, state, result }: SeenStep): unknown {
  const { html } = kit;
  return html`<details class="step ${state}">
    <summary>${state === 'done' ? kit.doneIcon : icon(kit, state === 'refused' ? ICONS.refused : ICONS.failed)}<strong><bdi>${title}</bdi></strong>${words.toolStates[state]}${icon(kit, NEXT, 'turn')}</summary>
    <div class="step-body">
      <h3>${words.given}</h3>
      ${given(kit, words, args)}
      <h3>${words.result}</h3>
      <pre tabindex="0" dir="auto">${cut(result)}</pre>
    </div>
  </details>`;
}

function card(kit: Kit, words: ToolStrings, { name, title, args }: SeenStep, consent: Consent): unknown {
  const { html, fill } = kit;
  const question = fill(words.letUse, { tool: title });
  const answer = (allows: boolean) => (event: MouseEvent) => {
    // The second click of a double click would answer the next question.
    if (event.detail > 1) return;
    const box = (event.currentTarget as Element).closest('.consent')?.querySelector('input');
    consent.answer(allows, !!box?.checked);
  };
  return html`<div class="consent" part="notice" role="group" aria-label=${question}>
    <div class="consent-head">${icon(kit, ICONS.tool)}<strong>${question}</strong><code><bdi>${name}</bdi></code></div>
    ${given(kit, words, args)}
    <div class="consent-ways">
      <button type="button" class="outlined" @click=${answer(false)}>${words.refuse}</button>
      <button type="button" class="primary" @click=${answer(true)}>${words.allowOnce}</button>
    </div>
    <label><input type="checkbox" />${words.dontAskAgain}</label>
  </div>`;
}

function given({ html }: Kit, words: ToolStrings, args: Record<string, unknown>): unknown {
  const entries = Object.entries(args);
  if (!entries.length) return html`<p>${words.nothingGiven}</p>`;
  return html`<dl class="given" tabindex="0" aria-label=${words.given}>
    ${entries.map(([name, value]) => html`<dt><bdi>${name}</bdi></dt><dd dir="auto">${cut(typeof value === 'string' ? value : JSON.stringify(value, null, 1))}</dd>`)}
  </dl>`;
}

const cut = (text: string) => (text.length > SHOWN ? `${text.slice(0, SHOWN)} …` : text);

const icon = ({ html }: Kit, path: string, name = '') =>
  html`<svg viewBox="0 0 24 24" class=${name} aria-hidden="true"><path d=${path} /></svg>`;
