/** The panel: header, log, composer, put together. Both layouts show the same one. */
import { css, html, nothing } from 'lit';
import type { Phase } from '../conversation/conversation';
import type { Strings } from '../i18n/strings';
import { composer, type ComposerProps } from './composer';
import { emptyState, type EmptyStateProps } from './empty-state';
import { header, type HeaderProps } from './header';
import { downIcon } from './icons';
import { messageList, type MessageListProps } from './message-list';
import { type News, waitingLine } from './waiting';

export interface PanelProps {
  strings: Strings;
  phase: Phase;
  header: HeaderProps;
  empty: EmptyStateProps;
  list: MessageListProps;
  failure: unknown;
  /** What is to be said of the model's context. */
  contextNotice: unknown;
  /** What waits for the end of the answer. */
  waiting: unknown;
  /** What lies over all of it. */
  view: unknown;
  /** What is known about a wait. */
  news: News | undefined;
  /** Said before the browser may ask the visitor for a permission. */
  mayAsk: boolean;
  composer: ComposerProps;
  /** What assistive technology is told, beside what is in the log. */
  status: string;
  /** Whether the log says that something is waited for. */
  silent: boolean;
  /** Whether the reader has left the end of the log. */
  away: boolean;
  onJump: () => void;
  /** Absent where there is nothing to bring back. */
  onUndo: (() => void) | undefined;
  onLogClick: (event: Event) => void;
}

export function panel(props: PanelProps) {
  const { strings, phase, list } = props;
  const isEmpty = !list.messages.length && !list.reply;
  return html`${header(props.header)}
    <div part="messages" class="log" role="log" aria-live="off" aria-label=${strings.log} aria-busy=${'reply' in phase} tabindex="0" @click=${props.onLogClick}>
      <div class="column ${isEmpty ? 'fills' : ''}">
        ${isEmpty && phase.name !== 'failed' ? emptyState(props.empty) : nothing} ${messageList(list)}
        ${props.silent && 'since' in phase ? waitingLine(strings, props.header.model ?? '', phase.since, props.news) : nothing}
        ${props.mayAsk && (isEmpty || phase.name === 'waiting') ? html`<p class="may-ask">${strings.mayAsk}</p>` : nothing}
        ${props.failure}
      </div>
    </div>
    <div class="dock column">
      ${
        props.away
          ? html`<button type="button" class="jump" aria-label=${strings.jump} title=${strings.jump} @click=${props.onJump}>${downIcon}</button>`
          : nothing
      }
      ${
        props.onUndo
          ? html`<div part="notice" class="dock-notice"><span>${strings.chatCleared}</span><button type="button" class="quiet" @click=${props.onUndo}>${strings.undo}</button></div>`
          : props.contextNotice
      }
      ${props.waiting} ${composer(props.composer)}
      <slot name="footer"></slot>
    </div>
    <div class="hidden" role="status">${props.status}</div>
    ${props.view}`;
}

export const panelStyles = css`
  .log {
    flex: 1;
    min-block-size: 0;
    overflow: hidden auto;
    overscroll-behavior: contain;
    /* The composer's fade lies over the last lines. */
    padding-block: 20px;
    scrollbar-width: thin;
    scrollbar-color: var(--_edge) transparent;
  }

  .log:focus-visible {
    outline-offset: -3px;
  }

  .log > .fills {
    display: flex;
    flex-direction: column;
    min-block-size: 100%;
  }

  .dock {
    flex: none;
    position: relative;
    padding: 2px 12px 12px;
  }

  .dock::before {
    content: '';
    position: absolute;
    inset: -20px 0 auto;
    block-size: 20px;
    background: linear-gradient(transparent, var(--_surface));
    pointer-events: none;
  }

  .jump {
    display: grid;
    place-items: center;
    position: absolute;
    z-index: 1;
    inset-block-end: calc(100% + 12px);
    inset-inline-start: calc(50% - 18px);
    inline-size: 36px;
    block-size: 36px;
    border: 1px solid var(--_border);
    border-radius: 50%;
    background: var(--_raised);
    box-shadow: 0 2px 8px rgb(0 0 0 / 0.12);
    animation: appear 160ms ease-out;
  }

  .dock-notice {
    display: flex;
    flex-wrap: wrap;
    justify-content: space-between;
    align-items: center;
    gap: 2px 8px;
    margin-block-end: 8px;
    padding: 4px 6px 4px 14px;
    border-radius: 10px;
    background: var(--_fill);
    color: var(--_muted);
    font-size: 13px;
  }

  .dock-notice > span:first-child {
    flex: 1 1 12em;
    padding-block: 4px;
  }

  .dock-notice .ways {
    margin-inline-start: auto;
  }

  .may-ask {
    margin: 0 4px 20px;
    padding-inline-start: 12px;
    border-inline-start: 2px solid var(--_border);
    color: var(--_muted);
    font-size: 13px;
  }

  [role='status'] {
    user-select: none;
  }

  ::slotted([slot='footer']) {
    margin-block-start: 8px;
  }
`;
