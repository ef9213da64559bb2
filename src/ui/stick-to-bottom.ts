/** Follows a growing log, as long as the reader is at its end. By own arithmetic: WebKit has no scroll anchoring. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** How near to the end counts as at the end, in CSS pixels. */
const NEAR = 32;

/** What stays in view above a failure: the last line of the question. */
const HEADROOM = 72;

export class StickToBottom implements ReactiveController {
  /** Whether the end is kept in view. */
  pinned = true;
  #scroller: HTMLElement | undefined;
  #sizes: ResizeObserver | undefined;
  #lastTop = 0;
  #notice: Element | null = null;
  /** Whether the end waits for something higher than the box to be read. */
  #held = false;

  constructor(
    readonly host: ReactiveControllerHost,
    /** The scrolling box, with one child that grows; absent while nothing is shown. */
    readonly find: () => HTMLElement | null,
  ) {
    host.addController(this);
  }

  hostUpdated(): void {
    const scroller = this.find() ?? undefined;
    this.#hold(scroller?.querySelector<HTMLElement>('.failure') ?? null);
    if (scroller === this.#scroller) return;
    this.hostDisconnected();
    if (!scroller) return;
    this.#scroller = scroller;
    // The box shrinks when a phone's keyboard opens, its content grows with the answer: both move the end.
    this.#sizes = new ResizeObserver(() => this.#follow());
    this.#sizes.observe(scroller);
    if (scroller.firstElementChild) this.#sizes.observe(scroller.firstElementChild);
    scroller.addEventListener('scroll', this.#onScroll, { passive: true });
  }

  hostDisconnected(): void {
    this.#sizes?.disconnect();
    this.#scroller?.removeEventListener('scroll', this.#onScroll);
    this.#scroller = undefined;
  }

  /** Goes to the end and stays there. */
  pin(): void {
    this.pinned = true;
    this.#held = false;
    this.#follow();
    this.host.requestUpdate();
  }

  /** A failure is read from its beginning, also where it is higher than the box. */
  #hold(notice: HTMLElement | null) {
    if (notice === this.#notice) return;
    this.#notice = notice;
    this.#held = !!notice && this.pinned;
    const scroller = this.#scroller;
    if (!notice || !scroller || !this.pinned) return;
    this.#scrollTo(scroller.scrollTop + notice.getBoundingClientRect().top - scroller.getBoundingClientRect().top - HEADROOM);
  }

  #follow() {
    if (this.pinned && !this.#held) this.#scrollTo(Infinity);
    // What is gone may have brought the end into view.
    else this.#onScroll();
  }

  #scrollTo(top: number) {
    const scroller = this.#scroller;
    if (!scroller) return;
    scroller.scrollTop = Math.min(top, scroller.scrollHeight);
    this.#lastTop = scroller.scrollTop;
  }

  readonly #onScroll = () => {
    const scroller = this.#scroller;
    if (!scroller) return;
    const { scrollTop, scrollHeight, clientHeight } = scroller;
    const atEnd = scrollHeight - scrollTop - clientHeight < NEAR;
    // Only a move upwards is the reader's wish to leave the end; growing content moves the end away by itself.
    const pinned = atEnd || (this.pinned && scrollTop >= this.#lastTop);
    this.#lastTop = scrollTop;
    if (pinned === this.pinned) return;
    this.pinned = pinned;
    this.host.requestUpdate();
  };
}
