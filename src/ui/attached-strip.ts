/** What is attached, above the composer, and the button that attaches. Templates only. */
import type { ExtrasStrings } from '../i18n/extras-en';
import type { Content } from './attached-file';
import { formatBytes } from './bytes';
import type { Kit } from './kit';
import { EDIT } from './shapes';

/** Something that goes along with the next message, or will once it has been read. */
export type Attached = Reading | Picture | (Named & Content & { kind: 'file' });

interface Named {
  readonly id: number;
  /** No two alike. */
  readonly name: string;
}

export interface Reading extends Named {
  readonly kind: 'reading';
  readonly file: File;
}

/** `url` is there while it is shown. */
export type Picture = Named & Content & { kind: 'picture'; url?: string | undefined };

export interface StripProps {
  words: ExtrasStrings;
  lang: string;
  items: readonly Attached[];
  /** The picture whose description is being written. */
  describing: number | undefined;
  /** Whether pictures cannot be sent as things are. */
  isUnseen: boolean;
  onRemove: (id: number) => void;
  onDescribe: (id: number) => void;
  onDescription: (picture: Picture, text: string) => void;
  onDescribed: () => void;
}

const PICTURES = 'image/png,image/jpeg,image/webp,image/gif';

/** Not every browser knows the types of what programmers write. */
const TEXTS =
  'text/*,application/json,application/xml,application/yaml,.bat,.c,.cc,.cfg,.cjs,.conf,.cpp,.cs,.css,.csv,.dart,.diff,.env,.ex,.go,.graphql,.h,.hpp,.hs,.html,.ini,.java,.jl,.js,.json,.jsonl,.jsx,.kt,.lock,.log,.lua,.md,.mdx,.mjs,.patch,.php,.pl,.properties,.ps1,.py,.r,.rb,.rs,.rst,.scala,.scss,.sh,.sql,.svelte,.svg,.swift,.tex,.toml,.ts,.tsv,.tsx,.txt,.vue,.xml,.yaml,.yml,.zig';

export function attachButton({ html }: Kit, words: ExtrasStrings, mayShow: boolean, onFiles: (files: File[]) => void): unknown {
  const name = mayShow ? words.attach : words.attachFile;
  const onChange = (event: Event) => {
    const field = event.currentTarget as HTMLInputElement;
    const files = Array.from(field.files ?? []);
    field.value = ''; // or the same file could not be chosen again
    onFiles(files);
  };
  const onClick = (event: Event) => ((event.currentTarget as Element).nextElementSibling as HTMLElement).click();
  return html`<button type="button" class="icon-button attach" aria-label=${name} title=${name} @click=${onClick}>
      ${mayShow ? clipIcon({ html }) : fileIcon({ html })}</button
    ><input type="file" hidden multiple aria-label=${name} accept=${mayShow ? `${PICTURES},${TEXTS}` : TEXTS} @change=${onChange} />`;
}

export function attachNotice({ html, nothing }: Kit, lines: readonly string[]): unknown {
  if (!lines.length) return nothing;
  return html`<div part="notice" class="dock-notice attach-notice" role="status">${lines.map(line => html`<span>${line}</span>`)}</div>`;
}

export const dropOverlay = ({ html }: Kit, text: string): unknown =>
  html`<div class="drop-overlay"><p>${clipIcon({ html })}${text}</p></div>`;

export function attachedStrip(kit: Kit, props: StripProps): unknown {
  const { html, nothing } = kit;
  const { words, items, describing } = props;
  if (!items.length) return nothing;
  const described = items.find((item): item is Picture => item.kind === 'picture' && item.id === describing);
  return html`<div class="attached">
    <ul role="list" aria-label=${words.attachments}>
      ${items.map(item => html`<li>${entry(kit, item, props)}</li>`)}
    </ul>
    ${described ? field(kit, described, props) : nothing}
  </div>`;
}

function entry(kit: Kit, item: Attached, props: StripProps): unknown {
  const { html } = kit;
  if (item.kind === 'picture') return picture(kit, item, props);
  const { words, lang } = props;
  const isReading = item.kind === 'reading';
  return html`<div class="attached-file ${isReading ? 'pulsing' : ''}" title=${item.name}>
    ${fileIcon(kit)}
    <div>
      <div class="attached-name">${isReading ? html`<span class="hidden">${kit.fill(words.readingFile, { name: item.name })}</span>` : item.name}</div>
      <div class="attached-size">${isReading ? '…' : size(item.size, lang)}</div>
    </div>
    ${removeButton(kit, item, props)}
  </div>`;
}

function picture(kit: Kit, item: Picture, props: StripProps): unknown {
  const { html, nothing, doneIcon, fill } = kit;
  const { words, describing, isUnseen, onDescribe } = props;
  const description = item.description.trim();
  const name = fill(words.altText, { name: item.name });
  return html`<div class="attached-picture ${isUnseen ? 'unseen' : ''}">
    <img src=${item.url ?? nothing} alt=${description || item.name} title=${description || item.name} />
    <button
      type="button"
      class="attached-button describe"
      aria-label=${name}
      title=${name}
      aria-expanded=${item.id === describing}
      @click=${() => onDescribe(item.id)}
    >
      ${description ? doneIcon : penIcon(kit)}
    </button>
    ${removeButton(kit, item, props)}
  </div>`;
}

function removeButton({ html, fill, closeIcon }: Kit, item: Attached, { words, onRemove }: StripProps): unknown {
  const name = fill(words.removeOne, { name: item.name });
  // The others move up when one goes: the second click of a double click would meet another one.
  const onClick = (event: MouseEvent) => event.detail === 2 || onRemove(item.id);
  return html`<button type="button" class="attached-button remove" aria-label=${name} title=${name} @click=${onClick}>${closeIcon}</button>`;
}

function field(kit: Kit, item: Picture, props: StripProps): unknown {
  const { words, onDescribe, onDescription, onDescribed } = props;
  const onKeydown = (event: KeyboardEvent) => {
    if (event.isComposing || event.keyCode === 229 || !['Enter', 'Escape'].includes(event.key)) return;
    event.preventDefault();
    // The popup itself closes on Escape.
    event.stopPropagation();
    if (event.key === 'Enter') return onDescribed();
    const button = (event.currentTarget as Element).parentElement?.querySelector<HTMLElement>('[aria-expanded="true"]');
    onDescribe(item.id);
    button?.focus();
  };
  return kit.html`<input
    type="text"
    class="attached-field"
    aria-label=${kit.fill(words.altText, { name: item.name })}
    placeholder=${words.altHint}
    enterkeyhint="done"
    autocomplete="off"
    maxlength="500"
    .value=${item.description}
    @input=${(event: InputEvent) => onDescription(item, (event.currentTarget as HTMLInputElement).value)}
    @keydown=${onKeydown}
  />`;
}

/** Whatever has anything in it has a size. */
export const size = (bytes: number, lang: string): string => formatBytes(Math.max(bytes, 100), lang);

type Html = Pick<Kit, 'html'>;

const clipIcon = ({ html }: Html) =>
  html`<svg viewBox="0 0 24 24" aria-hidden="true">
    <path d="m20 11.3-7.8 7.8a5.16 5.16 0 0 1-7.3-7.3l7.37-7.37a3.44 3.44 0 0 1 4.87 4.87l-7.39 7.37a1.72 1.72 0 0 1-2.43-2.43l7.2-7.19" />
  </svg>`;

export const fileIcon = ({ html }: Html) =>
  html`<svg viewBox="0 0 24 24" aria-hidden="true">
    <path d="M13.5 3.5H7.5a2 2 0 0 0-2 2v13a2 2 0 0 0 2 2h9a2 2 0 0 0 2-2v-10ZM13.5 3.5v5h5M9 13h6M9 16.5h4" />
  </svg>`;

const penIcon = ({ html }: Html) => html`<svg viewBox="0 0 24 24" aria-hidden="true"><path d=${EDIT} /></svg>`;
