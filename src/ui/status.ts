/** What assistive technology is told while an answer is on its way: each thing once, not every second. */
import type { Phase } from '../conversation/conversation';
import { duration, fill, type Strings } from '../i18n/strings';
import { shortName } from './header';

/** How often a long wait is mentioned again, in milliseconds. */
const REMINDER = 15_000;

export function statusText(strings: Strings, phase: Phase, model: string): string {
  if (phase.name === 'thinking') return strings.thinking;
  if (phase.name === 'answering') return strings.answering;
  if (phase.name !== 'waiting') return '';
  const waited = Math.floor((performance.now() - phase.since) / REMINDER) * REMINDER;
  const facts = { model: shortName(model), time: duration(strings, waited) };
  return fill(waited ? strings.waiting : strings.waitingFor, facts);
}
