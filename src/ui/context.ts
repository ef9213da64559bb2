/**
 * How full the model's context is: a small ring, and words once that matters.
 * A part of its own, with the arithmetic behind it, loaded with the first answer that was counted.
 */
import type { ContextStrings } from '../i18n/context-words';
import type { Strings } from '../i18n/strings';
import type { Kit } from './kit';

export { count, learn, usage } from '../conversation/context';
export { fit } from '../conversation/trim';
export { contextStrings } from '../i18n/context-words';

/** From here on it is said, as a part of the whole. */
const NEARLY_FULL = 0.8;

export interface ContextProps {
  strings: Strings & ContextStrings;
  /** In the language of the interface. */
  lang: string;
  /** In tokens; absent where the server does not tell. */
  usage: { used: number; limit: number } | undefined;
  /** Whether the model no longer sees the beginning. */
  cut: boolean;
  onNewChat: () => void;
  /** Absent where the model cannot be made to read more. In tokens. */
  onLarger: ((limit: number) => void) | undefined;
}

export function meter({ html, svg, nothing, fill }: Kit, { strings, lang, usage }: ContextProps) {
  if (!usage) return nothing;
  const { used, limit } = usage;
  const text = fill(strings.contextUse, { used: number(lang, used), limit: number(lang, limit) });
  const part = Math.round((used / limit) * 100);
  const ring = svg`<circle cx="8" cy="8" r="6"/><circle cx="8" cy="8" r="6" pathLength="100" stroke-dasharray="${part} 100"/>`;
  return html`<span
    class="meter ${used / limit >= NEARLY_FULL ? 'full' : ''}"
    role="meter"
    aria-label=${strings.context}
    aria-valuenow=${used}
    aria-valuemin="0"
    aria-valuemax=${limit}
    aria-valuetext=${text}
    title="${strings.context}: ${text}"
    ><svg viewBox="0 0 16 16" aria-hidden="true">${ring}</svg></span
  >`;
}

/** What to do about it, once the end is near. */
export function notice({ html, nothing, fill }: Kit, { strings, lang, usage, cut, onNewChat, onLarger }: ContextProps) {
  const full = usage ? usage.used / usage.limit : 0;
  if (!cut && full < NEARLY_FULL) return nothing;
  const larger = (usage?.limit ?? 0) * 2;
  const words = cut ? strings.cut : fill(strings.nearlyFull, { percent: Math.round(full * 100) });
  return html`<div part="notice" class="dock-notice">
    <span role="status">${words}</span>
    <span class="ways">
      ${
        onLarger && larger
          ? html`<button type="button" class="quiet" @click=${() => onLarger(larger)}>${fill(strings.largerContext, { limit: number(lang, larger) })}</button>`
          : nothing
      }
      <button type="button" class="quiet" @click=${onNewChat}>${strings.newChat}</button>
    </span>
  </div>`;
}

function number(lang: string, value: number): string {
  try {
    return value.toLocaleString(lang || undefined);
  } catch {
    return value.toLocaleString(); // `lang` is what the page says: en_US is no language
  }
}

const css = String.raw;

export const styles = css`
  .meter {
    flex: none;
    margin-inline-start: 3px;
  }

  .meter svg {
    inline-size: 13px;
    block-size: 13px;
    rotate: -90deg;
    stroke-width: 2.5;
    stroke-linecap: butt;
  }

  .meter circle:first-child {
    stroke: var(--_border);
  }

  .meter.full {
    color: var(--_danger);
  }
`;
