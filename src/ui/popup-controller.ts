/**
 * The popup: a panel in the top layer beside its launcher, on a phone a sheet over the whole screen.
 * Moves focus in and back, closes on Escape and on the phone's Back; never touches the conversation.
 */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { ChatToggleEvent } from '../events';

interface PopupHost extends ReactiveControllerHost, HTMLElement {
  open: boolean;
  layout: string;
  show(): void;
  hide(): void;
}

/** Narrower than this the panel is a sheet, see `popup.ts` in styles. */
const SHEET = '(max-width: 479.98px)';

/** Not in TypeScript's DOM library yet: https://html.spec.whatwg.org/#the-closewatcher-interface */
declare const CloseWatcher: (new () => EventTarget & { destroy(): void }) | undefined;

export class PopupController implements ReactiveController {
  #panel: HTMLDialogElement | undefined;
  /** Ends every listener of the time that the panel is open. */
  #opening: AbortController | undefined;
  #returnTo: HTMLElement | undefined;
  #takeFocus = false;

  constructor(readonly host: PopupHost) {
    host.addController(this);
    host.addEventListener('command', event => {
      if ((event as Event & { command?: string }).command === '--toggle') this.toggle(!host.open);
    });
  }

  /** Whether it is closed. */
  get isHidden(): boolean {
    return this.host.layout === 'popup' && !this.host.open;
  }

  /** The visitor wants it open, or closed. */
  toggle(open: boolean): void {
    const { host } = this;
    if (host.layout !== 'popup' || host.open === open) return;
    if (open) host.show();
    else host.hide();
    host.dispatchEvent(new ChatToggleEvent(open));
  }

  /** Call before opening on somebody's wish: the focus moves in, and back when it closes. */
  expectFocus(): void {
    this.#takeFocus = true;
    this.#returnTo = deepActiveElement();
  }

  hostConnected(): void {
    // Moving an element closes its popover: it opens again where it lands.
    this.host.requestUpdate();
  }

  hostDisconnected(): void {
    this.#hide(false);
  }

  hostUpdated(): void {
    const { host } = this;
    const panel = host.layout === 'popup' && host.open && host.isConnected ? host.shadowRoot?.querySelector('dialog') : undefined;
    if (panel && !this.#panel) this.#show(panel);
    else if (!panel && this.#panel) this.#hide(true);
  }

  #show(panel: HTMLDialogElement) {
    this.#panel = panel;
    this.#opening = new AbortController();
    const { signal } = this.#opening;
    const sheet = matchMedia(SHEET);
    if (sheet.matches) this.#showSheet(panel, signal);
    else this.#showBeside(panel, signal);
    sheet.addEventListener('change', () => this.#reopen(), { signal });
    if (this.#takeFocus) {
      const coarse = matchMedia('(pointer: coarse)').matches;
      // On a touch screen the keyboard would cover the chat before anything of it has been seen.
      if (coarse) panel.focus();
      else panel.querySelector('textarea')?.focus();
    }
    this.#takeFocus = false;
  }

  /** Over the whole screen the rest of the page is out of reach for everyone: a modal dialog. */
  #showSheet(panel: HTMLDialogElement, signal: AbortSignal) {
    quietly(panel, () => panel.showModal());
    // A modal dialog closes itself on Escape and Back; what is shown follows what it did.
    panel.addEventListener('close', () => !panel.open && this.toggle(false), { signal });
    signal.addEventListener('abort', holdPage());

    const fit = () => fillVisible(panel);
    fit();
    window.visualViewport?.addEventListener('resize', fit, { signal });
    window.visualViewport?.addEventListener('scroll', fit, { signal });
    window.addEventListener('resize', fit, { signal });
  }

  #showBeside(panel: HTMLDialogElement, signal: AbortSignal) {
    quietly(panel, () => panel.showPopover());
    const place = () => placeBeside(panel, this.host);
    place();
    window.addEventListener('resize', place, { signal });
    this.#watchEscape(panel, signal);
  }

  #watchEscape(panel: HTMLDialogElement, signal: AbortSignal) {
    if (typeof CloseWatcher === 'function') {
      const watcher = new CloseWatcher();
      watcher.addEventListener('close', () => this.toggle(false), { signal });
      signal.addEventListener('abort', () => watcher.destroy());
      return;
    }
    panel.addEventListener('keydown', event => event.key === 'Escape' && !event.isComposing && this.toggle(false), { signal });
  }

  #reopen() {
    const panel = this.#panel;
    if (!panel) return;
    const focused = deepActiveElement();
    const returnTo = this.#returnTo;
    this.#hide(false);
    this.#show(panel);
    this.#returnTo = returnTo;
    focused?.focus({ preventScroll: true });
  }

  #hide(giveFocusBack: boolean) {
    const panel = this.#panel;
    if (!panel) return;
    this.#panel = undefined;
    const hadFocus = panel.matches(':focus-within') || document.activeElement === document.body;
    this.#opening?.abort();
    if (panel.open) panel.close();
    if (panel.matches(':popover-open')) panel.hidePopover();
    panel.removeAttribute('style');
    if (giveFocusBack && hadFocus) this.#giveFocusBack();
    this.#returnTo = undefined;
  }

  #giveFocusBack() {
    const launcher = this.host.shadowRoot?.querySelector<HTMLElement>('.launcher');
    const target = this.#returnTo?.isConnected && this.#returnTo !== document.body ? this.#returnTo : launcher;
    target?.focus({ preventScroll: true });
  }
}

let sheets = 0;
let pageOverflow = '';

/** Keeps the page behind from scrolling until the last sheet is gone. Returns the way to end that. */
function holdPage(): () => void {
  const { style } = document.documentElement;
  if (!sheets++) {
    pageOverflow = style.overflow;
    style.overflow = 'hidden';
  }
  return () => {
    if (!--sheets) style.overflow = pageOverflow;
  };
}

/** Shows a dialog without its taking the focus: a page that opens the chat as it loads has not been touched yet. */
function quietly(panel: HTMLElement, show: () => void) {
  panel.inert = true;
  show();
  panel.inert = false;
}

/** Covers what can be seen: the part of the page above a phone's keyboard. */
function fillVisible(panel: HTMLElement) {
  const { visualViewport } = window;
  const { style } = panel;
  style.inset = 'auto';
  style.top = `${visualViewport?.offsetTop ?? 0}px`;
  style.left = `${visualViewport?.offsetLeft ?? 0}px`;
  style.width = `${visualViewport?.width ?? innerWidth}px`;
  style.height = `${visualViewport?.height ?? innerHeight}px`;
}

/** Grows from the launcher's corner into the larger part of the page, wherever the page has put the launcher. */
function placeBeside(panel: HTMLElement, host: Element) {
  const box = host.getBoundingClientRect();
  const { clientWidth, clientHeight } = document.documentElement;
  const fromRight = box.left + box.width / 2 > clientWidth / 2;
  const fromBottom = box.top + box.height / 2 > clientHeight / 2;
  const { style } = panel;
  style.inset = 'auto';
  if (fromRight) style.right = px(clientWidth - box.right, clientWidth - panel.offsetWidth);
  else style.left = px(box.left, clientWidth - panel.offsetWidth);
  if (fromBottom) style.bottom = px(clientHeight - box.bottom, clientHeight - panel.offsetHeight);
  else style.top = px(box.top, clientHeight - panel.offsetHeight);
}

/** Within the page, even where the launcher is partly outside of it or at the far side of the panel's space. */
const px = (distance: number, room: number) => `${Math.max(0, Math.min(distance, room))}px`;

/** The focused element itself, also inside shadow roots. */
function deepActiveElement(): HTMLElement | undefined {
  let active = document.activeElement;
  while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
  return active instanceof HTMLElement ? active : undefined;
}
