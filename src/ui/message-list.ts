/** The messages: the visitor's words in a bubble, the answer as plain text on the surface. */
import { css, html, nothing, render, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { type ChatMessage, isEmpty, mayContinue } from '../conversation/message';
import { duration, fill, type Strings } from '../i18n/strings';
import { copyButton } from './copy';
import { againIcon, forwardIcon } from './icons';
import type { MessageExtras } from './extras-host';
import type { MessageViews } from './message-views';
import { groupsOf } from './past-messages';

export interface MessageListProps {
  strings: Strings;
  messages: readonly ChatMessage[];
  /** The answer that is being written. */
  reply: ChatMessage | undefined;
  /** What it is doing; the list changes with it, not with its text. */
  phase: string;
  views: MessageViews;
  /** Groups of messages that the reader has come near, by the first of each. */
  mounted: ReadonlySet<string>;
  /** What they have beside their text; absent until it has come. */
  extras: MessageExtras | undefined;
  onRegenerate: () => void;
  onContinue: () => void;
}

/** So much text fills the box, in characters. */
const ENOUGH = 3000;

/** Updates only when a message came or went, or a reply changed its phase: typing and streaming cost nothing here. */
export const messageList = (props: MessageListProps) =>
  guard([props.messages, props.phase, props.strings, props.mounted, props.extras?.version], () => {
    // Before its first word a reply is the waiting line.
    const { messages, reply } = props;
    const all = reply && !isEmpty(reply) ? [...messages, reply] : messages;
    // What a tool gave is seen with its call: a group of nothing else would be as high as one that is not mounted.
    const groups = groupsOf(all.filter(({ role }) => role !== 'tool'));
    const last = groups.at(-1) ?? [];
    // Opening a long conversation renders what fills the box, and no more: the rest is near and comes with the next frame.
    const isEnough = last.reduce((sum, { content }) => sum + content.length, 0) > ENOUGH;
    return groups.map((group, index) => {
      const isNew = index >= groups.length - 2;
      const isShown = isNew && (!isEnough || group.some(message => props.views.has(message)));
      // What has been shown stays, also where messages before it came or went.
      const wasShown = !isNew && group.some(message => props.views.has(message));
      const isMounted = group === last || isShown || wasShown || props.mounted.has(group[0]?.id ?? '');
      return guard([isMounted, isNew && props.phase, isNew && messages, props.strings, props.extras?.version, ...group], () =>
        groupOf(group, isMounted, props),
      );
    });
  });

const groupOf = (group: ChatMessage[], isMounted: boolean, props: MessageListProps) =>
  html`<div class="group" data-first=${group[0]?.id ?? ''}>${isMounted ? group.map(message => entry(message, props)) : nothing}</div>`;

/** Each message into nodes of its own, so that none takes over what another had, an opened fold for example. */
function entry(message: ChatMessage, props: MessageListProps) {
  const { root } = props.views.of(message);
  render(message.role === 'user' ? question(message, props) : answer(message, props), root);
  return root;
}

function question(message: ChatMessage, { strings, messages, phase, extras, onRegenerate }: MessageListProps) {
  const unanswered = phase === 'idle' && message === messages.at(-1);
  return html`<article part="message" class="question" aria-label=${strings.you} data-id=${message.id}>
    ${extras?.bubble(message) ?? html`<div class="bubble">${message.content}</div>`}
    ${
      unanswered || extras
        ? html`<div class="actions">
            ${extras?.questionActions(message)} ${unanswered ? html`${note(strings.unanswered)} ${againButton(strings, onRegenerate)}` : nothing}
          </div>`
        : nothing
    }
  </article>`;
}

function answer(message: ChatMessage, props: MessageListProps): TemplateResult {
  const { strings, reply, messages, views, extras } = props;
  const writing = message === reply;
  const next = messages.slice(messages.indexOf(message) + 1).find(({ role }) => role !== 'tool');
  const view = views.of(message);
  view.show(message, !writing);
  return html`<article part="message" class="answer" aria-label=${strings.answer} data-id=${message.id}>
    ${message.thinking ? thoughts(message, props) : nothing} ${view.content.element} ${extras?.steps(message)}
    ${writing || (message.tool_calls && (next ? next.role !== 'user' : reply)) ? nothing : foot(message, props, !next)}
  </article>`;
}

function thoughts(message: ChatMessage, { strings, views, reply, phase }: MessageListProps) {
  const view = views.of(message);
  const took = message.stats?.thinking_duration;
  const thinking = message === reply && phase === 'thinking';
  const summary = thinking
    ? strings.thinking
    : took === undefined
      ? strings.thought
      : fill(strings.thoughtFor, { time: duration(strings, took / 1e6) });
  return html`<details class="thoughts" @toggle=${(event: Event) => view.unfold((event.currentTarget as HTMLDetailsElement).open)}>
    <summary class=${thinking ? 'pulsing' : ''}>${summary}${thinking ? view.live : nothing}<span class="forward">${forwardIcon}</span></summary>
    ${view.thinking.element}
  </details>${thinking ? html`<div class="live" aria-hidden="true">${view.lastThought}</div>` : nothing}`;
}

function foot(message: ChatMessage, { strings, phase, extras, onRegenerate, onContinue }: MessageListProps, last: boolean) {
  const { status, content } = message;
  // After a failure the notice below says what happened, and *Try again* does the same as the button here.
  const failed = last && phase === 'failed';
  const interrupted = status === 'interrupted' && !failed;
  return html`<div class="actions">
    ${status === 'stopped' ? note(strings.stopped) : interrupted ? note(strings.interrupted) : nothing}
    ${last && mayContinue(message) ? wordButton(strings.continue, onContinue) : nothing}
    ${last && interrupted ? wordButton(strings.tryAgain, onRegenerate) : nothing}
    ${content ? copyButton(strings.copy, 'message') : nothing} ${last && !failed && !interrupted ? againButton(strings, onRegenerate) : nothing}
    ${extras?.answerActions(message)}
  </div>`;
}

const note = (text: string) => html`<span class="note">${text}</span>`;

const wordButton = (word: string, onClick: () => void) => html`<button type="button" class="quiet" @click=${onClick}>${word}</button>`;

const againButton = ({ regenerate }: Strings, onClick: () => void) =>
  html`<button type="button" class="icon-button small" aria-label=${regenerate} title=${regenerate} @click=${onClick}>${againIcon}</button>`;

export const messageListStyles = css`
  .group {
    content-visibility: auto;
    contain-intrinsic-size: auto 2000px;
  }

  /* About as high as it will be: the scroll bar should tell how much there is. */
  .group:empty {
    block-size: 2000px;
  }

  article {
    margin-block-end: 20px;
    contain: layout style;
  }

  .question {
    display: grid;
    justify-items: end;
  }

  .bubble {
    max-inline-size: 85%;
    padding: 8px 14px;
    border-radius: 16px;
    border-end-end-radius: 4px;
    background: var(--_fill);
    white-space: pre-wrap;
    overflow-wrap: anywhere;
    unicode-bidi: plaintext;
  }

  .note,
  .thoughts {
    color: var(--_muted);
    font-size: 13px;
  }

  .note {
    margin-inline: 6px 4px;
  }

  .actions {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px;
    margin-block-start: 4px;
    margin-inline-start: -6px;
    min-block-size: 28px;
  }

  .actions .quiet {
    font-size: 13px;
  }

  .thoughts {
    margin-block-end: 8px;
  }

  .thoughts summary {
    display: inline-flex;
    align-items: center;
    gap: 4px;
    padding-block: 4px;
    border-radius: 6px;
    list-style: none;
    cursor: pointer;
  }

  .thoughts summary:hover {
    color: var(--_text);
  }

  .thoughts summary svg {
    inline-size: 14px;
    block-size: 14px;
    transition: rotate 160ms ease-out;
  }

  .thoughts[open] summary svg {
    rotate: 90deg;
  }

  .thoughts .markdown {
    padding-block: 2px 4px;
  }

  .live {
    margin-block: -6px 8px;
    color: var(--_muted);
    font-size: 13px;
  }

  .thoughts[open] + .live {
    display: none;
  }

  .live div {
    overflow: hidden;
    white-space: nowrap;
    text-overflow: ellipsis;
    unicode-bidi: plaintext;
  }

  .pulsing {
    animation: pulse 1.6s ease-in-out infinite;
  }
`;
