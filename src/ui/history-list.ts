/**
 * The conversations that are kept: to open, find, rename, export and delete. Covers the panel.
 * A part of its own, loaded when it is first asked for. Knows no storage: it shows what it is given, and reports wishes.
 */
import type { Summary } from '../history/shelf';
import type { HistoryStrings } from '../i18n/history-en';
import type { Kit } from './kit';
import { DELETE } from './shapes';

/** Of a title, in characters: more cannot be seen in a row, and nobody wants to hear it. */
const LONGEST_NAME = 120;

/** Of a title that is typed. */
const LONGEST_TITLE = 200;

const DAY = 86_400_000;

const ICONS = {
  search: 'm16 16 4.25 4.25M18 11a7 7 0 1 1-14 0 7 7 0 0 1 14 0Z',
  rename: 'm4.5 19.5 1-4L16.2 4.8a2.1 2.1 0 0 1 3 3L8.5 18.5ZM14 7l3 3',
  export: 'M12 4v11m-4.5-4.5L12 15l4.5-4.5M4.5 16v1.5a2 2 0 0 0 2 2h11a2 2 0 0 0 2-2V16',
  delete: DELETE,
};

export interface HistoryListProps {
  strings: HistoryStrings;
  close: string;
  newChat: string;
  undo: string;
  /** For dates. */
  lang: string;
  /** What is to be shown, the newest first. */
  conversations: readonly Summary[];
  /** Which one is open. */
  current: string;
  /** What is searched for. */
  query: string;
  /** Whose title is being edited. */
  renaming: string | undefined;
  /** Whose ways to be exported are unfolded. */
  exporting: string | undefined;
  /** How many have just been deleted, and can be brought back. */
  discarded: number;
  /** Why a wish was not fulfilled. */
  notice: string | undefined;
  onClose: () => void;
  onNew: () => void;
  onOpen: (id: string) => void;
  onSearch: (text: string) => void;
  /** Begins the editing of a title, or ends it with nothing changed. */
  onRename: (id: string | undefined) => void;
  /** Ends the editing of a title. */
  onRenamed: (id: string, title: string) => void;
  onDelete: (ids: readonly string[]) => void;
  onUndo: () => void;
  /** Without a format: unfolds the ways to export it, or folds them. */
  onExport: (id: string | undefined, format?: 'markdown' | 'json') => void;
  onImport: (file: File) => void;
  onDismiss: () => void;
}

export function historyList(kit: Kit, props: HistoryListProps) {
  const { html, nothing, fill, newChatIcon, closeIcon } = kit;
  const { strings, conversations, query, onSearch } = props;
  const { title, hint } = query ? strings.nothingFound : strings.nothingKept;
  const none = !conversations.length;
  return html`<section class="history" aria-label=${strings.conversations} tabindex="-1" @keydown=${(event: KeyboardEvent) => onKeydown(event, props)}>
    <header>
      <div class="title"><h2>${strings.conversations}</h2></div>
      <button type="button" class="icon-button" aria-label=${props.newChat} title=${props.newChat} @click=${props.onNew}>${newChatIcon}</button>
      <button type="button" class="icon-button" aria-label=${props.close} title=${props.close} @click=${props.onClose}>${closeIcon}</button>
    </header>
    ${
      none && !query
        ? nothing
        : html`<div class="column history-top">
            <label class="history-search"
              >${icon(kit, ICONS.search)}<input
                type="search"
                aria-label=${strings.search}
                placeholder=${strings.search}
                autocomplete="off"
                enterkeyhint="search"
                .value=${query}
                @input=${(event: InputEvent) => onSearch((event.currentTarget as HTMLInputElement).value)}
            /></label>
          </div>`
    }
    <div class="history-log">
      ${
        none
          ? html`<div class="column history-none">
              <strong>${title}</strong>
              <p>${fill(hint, { query: cut(plain(query)) })}</p>
            </div>`
          : html`<ul class="column" role="list">
              ${conversations.map(conversation => row(kit, conversation, props))}
            </ul>`
      }
    </div>
    ${foot(kit, props)}
    <div class="hidden" role="status">${query ? fill(strings.found, { number: conversations.length }) : ''}</div>
  </section>`;
}

function row(kit: Kit, conversation: Summary, props: HistoryListProps) {
  const { html, nothing, fill } = kit;
  const { strings, current, renaming, exporting, onOpen, onRename, onExport } = props;
  const { id } = conversation;
  const title = plain(conversation.title);
  const name = cut(title) || strings.untitled;
  const unfolded = exporting === id;
  const say = (text: string) => fill(text, { title: name });
  const button = (word: string, label: string, shape: string, onClick: (event: MouseEvent) => void, expanded: unknown = nothing) =>
    html`<button
      type="button"
      class="icon-button small"
      aria-label=${say(label)}
      aria-expanded=${expanded}
      aria-controls=${expanded === true ? 'history-formats' : nothing}
      title=${word}
      @click=${onClick}
    >
      ${icon(kit, shape)}
    </button>`;
  const onRenameClick = (event: Event) => {
    focusNext(rowOf(event), 'input');
    onRename(id);
  };
  const view = html`<button type="button" class="history-open" aria-current=${id === current ? 'true' : nothing} @click=${() => onOpen(id)}>
      <span class="history-name ${title ? '' : 'untitled'}" title=${title || nothing}>${name}</span>
      ${date(kit, conversation.updated, props.lang)}
    </button>
    <div class="history-ways">
      ${button(strings.rename, strings.renameOne, ICONS.rename, onRenameClick)}
      ${button(strings.export, strings.exportOne, ICONS.export, () => onExport(unfolded ? undefined : id), unfolded)}
      ${button(strings.delete, strings.deleteOne, ICONS.delete, event => remove(event, id, props))}
    </div>
    ${unfolded ? formats(kit, id, say(strings.exportOne), props) : nothing}`;
  return html`<li class="history-row ${id === current ? 'current' : ''}">
    ${renaming === id ? editor(kit, conversation, title, say(strings.newTitle), props) : view}
  </li>`;
}

/** Enter saves, and whatever else takes the focus away; Escape does not. All of them by leaving the field, so that it is left once. */
function editor(kit: Kit, { id, updated }: Summary, title: string, label: string, { lang, onRename, onRenamed }: HistoryListProps) {
  const onKey = (event: KeyboardEvent) => {
    if ((event.key !== 'Enter' && event.key !== 'Escape') || isComposing(event)) return;
    const field = event.currentTarget as HTMLInputElement;
    take(event);
    if (event.key === 'Escape') field.value = title;
    focusNext(rowOf(event), '.history-open');
    field.blur();
  };
  const onBlur = (event: Event) => {
    const typed = plain((event.currentTarget as HTMLInputElement).value);
    if (typed && typed !== title) onRenamed(id, typed);
    else onRename(undefined);
  };
  return kit.html`<div class="history-edit">
    <input
      type="text"
      aria-label=${label}
      autocomplete="off"
      enterkeyhint="done"
      maxlength=${LONGEST_TITLE}
      .value=${title}
      @keydown=${onKey}
      @blur=${onBlur}
    />
    ${date(kit, updated, lang)}
  </div>`;
}

function formats({ html }: Kit, id: string, label: string, { strings, onExport }: HistoryListProps) {
  const choose = (format: 'markdown' | 'json') => (event: Event) => {
    // The choice folds: the focus would be lost with it.
    rowOf(event).querySelector<HTMLElement>('[aria-expanded]')?.focus();
    onExport(id, format);
  };
  return html`<div id="history-formats" class="history-formats" role="group" aria-label=${label}>
    <button type="button" class="quiet" @click=${choose('markdown')}>${strings.asMarkdown}</button>
    <button type="button" class="quiet" @click=${choose('json')}>${strings.asJson}</button>
  </div>`;
}

function foot({ html, nothing, fill }: Kit, props: HistoryListProps) {
  const { strings, conversations, query, discarded, notice, onDelete, onImport } = props;
  const onFile = (event: Event) => {
    const field = event.currentTarget as HTMLInputElement;
    const file = field.files?.[0];
    field.value = ''; // or the same file could not be chosen again
    if (file) onImport(file);
  };
  /** For buttons that go away as they are pressed. */
  const leaving = (then: () => void) => (event: Event) => {
    viewOf(event).focus({ preventScroll: true });
    then();
  };
  return html`<footer class="history-foot">
    <div class="column">
      <div class=${discarded ? 'dock-notice' : ''}>
        <span role="status">${discarded ? fill(discarded > 1 ? strings.deletedMany : strings.deleted, { number: discarded }) : ''}</span>
        ${discarded ? html`<button type="button" class="quiet" @click=${leaving(props.onUndo)}>${props.undo}</button>` : nothing}
      </div>
      ${
        notice
          ? html`<div class="dock-notice refusal">
              <span role="alert">${notice}</span>
              <button type="button" class="quiet" @click=${leaving(props.onDismiss)}>${strings.dismiss}</button>
            </div>`
          : nothing
      }
      <div class="history-all">
        <button type="button" class="quiet" @click=${chooseFile}>${strings.import}</button>
        <input type="file" accept=".json,application/json" hidden @change=${onFile} />
        ${
          // While something is searched for, all would be some.
          conversations.length && !query
            ? html`<button type="button" class="quiet" @click=${leaving(() => onDelete(conversations.map(({ id }) => id)))}>
                ${strings.deleteAll}
              </button>`
            : nothing
        }
      </div>
      <p>${strings.keptHere}</p>
    </div>
  </footer>`;
}

const icon = ({ html }: Kit, shape: string) => html`<svg viewBox="0 0 24 24" aria-hidden="true"><path d=${shape} /></svg>`;

function remove(event: MouseEvent, id: string, { onDelete }: HistoryListProps) {
  // The second click of a double click would hit the one that has moved up.
  if (event.detail > 1) return;
  // The next one moves up into this row, where there is one.
  const own = rowOf(event);
  const heir = own.nextElementSibling ? own : own.previousElementSibling;
  (heir?.querySelector<HTMLElement>('.history-open') ?? viewOf(event)).focus({ preventScroll: true });
  onDelete([id]);
}

const chooseFile = (event: Event) => (event.currentTarget as Element).parentElement?.querySelector<HTMLElement>('[type="file"]')?.click();

const rowOf = (event: Event) => (event.currentTarget as Element).closest('li') as Element;
const viewOf = (event: Event) => (event.currentTarget as Element).closest('.history') as HTMLElement;

/** Focuses what the next rendering puts into `place`. */
function focusNext(place: Element, selector: string) {
  const observer = new MutationObserver(() => {
    const found = place.querySelector<HTMLElement>(selector);
    if (!found) return;
    observer.disconnect();
    found.focus();
    if (!(found instanceof HTMLInputElement)) return;
    found.setSelectionRange(0, found.value.length, 'backward');
    found.scrollLeft = 0; // of a long title, its beginning
  });
  observer.observe(place, { childList: true, subtree: true });
}

function onKeydown(event: KeyboardEvent, { onClose }: HistoryListProps) {
  const { key, ctrlKey, altKey, metaKey, shiftKey } = event;
  if (isComposing(event) || ctrlKey || altKey || metaKey || shiftKey) return;
  const target = event.target as Element;
  if (key === 'Escape') {
    take(event);
    onClose();
  } else if (key === 'Enter' && event.repeat) {
    event.preventDefault(); // one press, one wish
  } else if (!target.matches('input') || (key === 'ArrowDown' && target.matches('[type="search"]'))) {
    const rows = [...viewOf(event).querySelectorAll<HTMLElement>('.history-open')];
    const at = rows.findIndex(open => open.parentElement?.contains(target));
    const to = { ArrowDown: Math.min(at + 1, rows.length - 1), ArrowUp: Math.max(at - 1, 0), Home: 0, End: rows.length - 1 }[key];
    if (to === undefined) return;
    event.preventDefault();
    rows[to]?.focus();
  }
}

/** The popup around would close, too: by a watcher that asks whether the key was taken, or a listener that hears of it. */
function take(event: Event) {
  event.preventDefault();
  event.stopPropagation();
}

/** As in composer.ts. */
const isComposing = (event: KeyboardEvent) => event.isComposing || event.keyCode === 229;

/** In one line. */
const plain = (title: string) => title.replace(/\s+/g, ' ').trim();

const cut = (title: string) =>
  title.length > LONGEST_NAME ? `${title.slice(0, LONGEST_NAME).replace(/[\ud800-\udbff]$/, '')}\u2026` : title;

/** As short as it is clear: today the time, then the day, then the date. */
function date({ html, nothing }: Kit, time: number, lang: string) {
  const then = new Date(time);
  if (Number.isNaN(then.getTime())) return nothing;
  const now = new Date();
  const days = Math.round((new Date(now).setHours(0, 0, 0, 0) - new Date(time).setHours(0, 0, 0, 0)) / DAY);
  const { day, clock, weekday, thisYear, otherYear, whole } = formatsFor(lang);
  const text =
    days === 0
      ? clock.format(then)
      : days === 1
        ? day.format(-1, 'day').replace(/^./u, first => first.toLocaleUpperCase())
        : days > 1 && days < 7
          ? weekday.format(then)
          : (then.getFullYear() === now.getFullYear() ? thisYear : otherYear).format(then);
  return html`<time datetime=${then.toISOString()} title=${whole.format(then)}>${text}</time>`;
}

let formatsMade: ReturnType<typeof makeFormats> | undefined;

/** Making them takes longer than using them. */
const formatsFor = (lang: string) => (formatsMade?.lang === lang ? formatsMade : (formatsMade = makeFormats(lang)));

function makeFormats(lang: string) {
  let tag: string | undefined;
  try {
    [tag] = Intl.getCanonicalLocales(lang);
  } catch {
    // `lang` is what the page says: en_US is no language.
  }
  const format = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(tag, options);
  return {
    lang,
    day: new Intl.RelativeTimeFormat(tag, { numeric: 'auto' }),
    clock: format({ timeStyle: 'short' }),
    weekday: format({ weekday: 'long' }),
    thisYear: format({ day: 'numeric', month: 'short' }),
    otherYear: format({ day: 'numeric', month: 'short', year: 'numeric' }),
    whole: format({ dateStyle: 'long', timeStyle: 'short' }),
  };
}
