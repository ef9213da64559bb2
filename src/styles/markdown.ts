/** How rendered Markdown looks: what people came to read. */
import { css } from 'lit';

export const markdownStyles = css`
  .markdown {
    overflow-wrap: anywhere;
  }

  /* Finished blocks, which the browser may skip while they are off screen. No margin collapses through such a box. */
  .markdown :is(.blocks, .lines) {
    display: block;
    content-visibility: auto;
    contain-intrinsic-size: auto 600px;
  }

  .markdown .lines {
    contain-intrinsic-size: auto 1950px;
  }

  .markdown > :first-child > :first-child {
    padding-block-start: 0;
  }

  .markdown > :last-child > :last-child {
    margin-block-end: 0;
  }

  .markdown :is(p, ul, ol, blockquote, details, hr, .code, .table) {
    margin-block: 0 12px;
  }

  /* Each block finds its own direction and cannot turn the text around it. */
  .markdown :is(p, li, h1, h2, h3, h4, h5, h6, td, th) {
    unicode-bidi: plaintext;
    text-align: start;
  }

  .markdown :is(h1, h2, h3, h4, h5, h6) {
    margin-block: 0 8px;
    padding-block-start: 8px;
    font-size: 15px;
    font-weight: 650;
    line-height: 1.35;
  }

  .markdown h1 {
    font-size: 20px;
  }

  .markdown h2 {
    font-size: 17px;
  }

  .markdown :is(ul, ol) {
    padding-inline-start: 24px;
  }

  .markdown li > :is(ul, ol) {
    margin-block: 4px 0;
  }

  /* Not "li + li": the browser would restyle the whole list with each item that comes. */
  .markdown li {
    margin-block-end: 4px;
  }

  .markdown li::marker {
    color: var(--_muted);
  }

  .markdown .task {
    list-style: none;
  }

  .markdown li > input {
    margin-inline: -20px 6px;
    accent-color: var(--_muted);
  }

  .markdown blockquote {
    margin-inline: 0;
    padding-inline-start: 12px;
    border-inline-start: 2px solid var(--_border);
    color: var(--_muted);
  }

  .markdown blockquote > :last-child {
    margin-block-end: 0;
  }

  .markdown hr {
    border: 0;
    border-block-start: 1px solid var(--_border);
  }

  .markdown a {
    color: var(--_link);
  }

  .markdown :is(code, kbd) {
    padding: 2px 5px;
    border-radius: 5px;
    background: var(--_fill);
    font: 13px/1.5 var(--_code-font);
  }

  .markdown kbd {
    border: 1px solid var(--_border);
  }

  .markdown .plain {
    white-space: pre-wrap;
  }

  .markdown mark {
    background: light-dark(#fff1b8, #5a4a00);
    color: inherit;
  }

  .markdown .alert {
    --_alert: var(--_link);
    border-color: var(--_alert);
    color: inherit;
  }

  .alert > strong {
    display: block;
    color: var(--_alert);
  }

  .markdown .alert-tip {
    --_alert: var(--_good);
  }

  .markdown .alert-important {
    --_alert: light-dark(#8a2f8f, #d7a0dc);
  }

  .markdown .alert-warning {
    --_alert: light-dark(#b0540c, #f0b27a);
  }

  .markdown .alert-caution {
    --_alert: var(--_danger);
  }

  .picture {
    display: inline-flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0 8px;
    vertical-align: middle;
    max-inline-size: 100%;
    margin-block: 2px;
    padding: 8px 12px;
    border: 1px solid var(--_border);
    border-radius: 10px;
  }

  .picture svg {
    flex: none;
  }

  .picture span:empty {
    display: none;
  }

  .picture:hover {
    background: var(--_fill);
  }

  .picture small {
    color: var(--_muted);
  }

  .markdown img {
    outline-offset: -2px;
    max-inline-size: 100%;
    max-block-size: 60vh;
    border-radius: 10px;
  }

  .markdown summary {
    cursor: pointer;
  }

  .markdown details > .blocks:last-child > :last-child {
    margin-block-end: 0;
  }

  .code > :not(.code-head, pre) {
    display: block;
    margin: auto;
    border-radius: 0;
  }

  .markdown details > .blocks {
    padding-block-start: 8px;
  }

  .code {
    border: 1px solid var(--_border);
    border-radius: 10px;
    background: var(--_fill);
    overflow: hidden;
  }

  .code-head {
    display: flex;
    justify-content: space-between;
    align-items: center;
    min-block-size: 34px;
    padding-inline: 14px 6px;
    color: var(--_muted);
    font-size: 12px;
  }

  .code pre {
    margin: 0;
    padding: 0 14px 12px;
    direction: ltr;
    text-align: left;
    overflow-x: auto;
    tab-size: 4;
  }

  .code pre:focus-visible,
  .table:focus-visible {
    outline-offset: -2px;
    border-radius: 10px;
  }

  .code pre code {
    padding: 0;
    background: none;
    white-space: pre;
    overflow-wrap: normal;
  }

  .table {
    overflow-x: auto;
  }

  .table table {
    min-inline-size: 100%;
    border-collapse: collapse;
    font-size: 14px;
  }

  .table :is(th, td) {
    padding: 8px 16px 8px 0;
    border-block-end: 1px solid var(--_border);
    vertical-align: top;
    overflow-wrap: normal;
    max-inline-size: 24em;
  }

  .table th {
    font-weight: 650;
    white-space: nowrap;
  }

  .table :is(th, td)[align='right'] {
    text-align: end;
  }

  .table :is(th, td)[align='center'] {
    text-align: center;
  }
`;
