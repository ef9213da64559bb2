/** What assistive technology is told while an answer is on its way: each thing once, not every second. */
import type { Phase } from '../conversation/conversation';
import { duration, fill, type Strings } from '../i18n/strings';
import { shortName } from './header';

/** How often a long wait is mentioned again, in milliseconds. */
const REMINDER = 15_000;

export function statusText(strings: Strings, phase: Phase, model: string): string {
  if (!('since' in phase)) return '';
  const waited = Math.floor((performance.now() - phase.since) / REMINDER) * REMINDER;
  if (waited) return fill(strings.waiting, { model: shortName(model), time: duration(strings, waited) });
  return { waiting: fill(strings.waitingFor, { model: shortName(model) }), thinking: strings.thinking, answering: strings.answering }[
    phase.name
  ];
}
