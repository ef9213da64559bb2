/** Says whose machine answers, the one thing no other chat widget can say. */
import { css, html, nothing } from 'lit';
import type { Strings } from '../i18n/strings';
import { closeIcon, newChatIcon } from './icons';

/** Not in the template: the script is ASCII, and a tagged template cannot be escaped. */
const DOT = '\u00b7';

/** How the model is: not asked yet, or installed and at rest; loading; loaded; not to be had. */
export type ModelState = 'idle' | 'loading' | 'loaded' | 'failed';

export interface HeaderProps {
  strings: Strings;
  heading: string;
  /** Its full name; absent while none has been chosen. */
  model: string | undefined;
  modelState: ModelState;
  place: string;
  /** The way to another model, as a template; absent where there is none. */
  picker: unknown;
  /** How full the model's context is, as a template. */
  meter: unknown;
  /** Further buttons, as a template. */
  tools: unknown;
  onNewChat: () => void;
  /** Absent where the panel cannot be closed. */
  onClose: (() => void) | undefined;
}

export const header = ({ strings, heading, model, modelState, picker, place, meter, tools, onNewChat, onClose }: HeaderProps) =>
  html`<header part="header">
    <slot name="header">
      <div class="title">
        <h2>${heading}</h2>
        <p>
          ${model || place ? html`<span class="dot ${modelState}"></span><span class="hidden">${stateWord(strings, modelState)}</span>` : nothing}
          ${picker ?? (model ? html`<span class="model" title=${model}>${shortName(model)}</span>` : nothing)}${place && (picker ?? model) ? html`<span>${DOT}</span>` : nothing}<span class="place">${place}</span>${meter}
        </p>
      </div>
    </slot>
    ${tools}<button type="button" class="icon-button" aria-label=${strings.newChat} title=${strings.newChat} @click=${onNewChat}>${newChatIcon}</button>
    ${
      onClose
        ? html`<button type="button" class="icon-button" aria-label=${strings.close} title=${strings.close} @click=${onClose}>${closeIcon}</button>`
        : nothing
    }
  </header>`;

const stateWord = (strings: Strings, state: ModelState) =>
  ({ idle: '', loading: strings.modelLoading, loaded: strings.modelReady, failed: strings.modelFailed })[state];

/** The last segment of a path such as `hf.co/user/model:Q4`; `latest` says nothing. */
export const shortName = (model: string) => (model.split('/').at(-1) ?? model).replace(/:latest$/, '');

export const headerStyles = css`
  header {
    flex: none;
    display: flex;
    align-items: center;
    gap: 4px;
    min-block-size: 60px;
    padding: 8px 10px 8px 16px;
    border-block-end: 1px solid var(--_border);
  }

  .title {
    flex: 1;
    min-inline-size: 0;
  }

  slot[name='header']::slotted(*) {
    flex: 1;
    min-inline-size: 0;
  }

  h2,
  .title p {
    margin: 0;
    overflow: hidden;
    white-space: nowrap;
    text-overflow: ellipsis;
  }

  h2 {
    font-size: 15px;
    font-weight: 650;
    line-height: 1.3;
  }

  .title p {
    display: flex;
    align-items: center;
    gap: 5px;
    color: var(--_muted);
    font-size: 13px;
    line-height: 1.4;
  }

  .model {
    min-inline-size: 3ch;
    overflow: hidden;
    text-overflow: ellipsis;
  }

  .place {
    flex: none;
    max-inline-size: 60%;
    overflow: hidden;
    text-overflow: ellipsis;
  }

  .dot {
    flex: none;
    inline-size: 7px;
    block-size: 7px;
    border-radius: 50%;
    background: var(--_edge);
  }

  .dot.loaded {
    background: var(--_good);
  }

  .dot.failed {
    background: var(--_danger);
  }

  .dot.loading {
    border: 1.5px solid var(--_muted);
    background: none;
  }
`;
