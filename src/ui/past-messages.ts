/**
 * Long conversations: messages stand in groups, and a group is empty until the reader comes near it. The newest are there
 * from the start. What has been mounted stays, and costs nothing while it is off screen.
 */
import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Messages in a group. */
const GROUP = 10;

export class PastMessages implements ReactiveController {
  /** The first messages of the groups that are mounted. */
  #mounted: ReadonlySet<string> = new Set();
  #near: IntersectionObserver | undefined;

  constructor(
    readonly host: ReactiveControllerHost,
    /** The scrolling box; absent while nothing is shown. */
    readonly find: () => HTMLElement | null,
  ) {
    host.addController(this);
  }

  /** The same until a group is mounted. */
  get mounted(): ReadonlySet<string> {
    return this.#mounted;
  }

  hostUpdated(): void {
    const root = this.find();
    if (!root) return;
    this.#near ??= new IntersectionObserver(entries => this.#onNear(entries), { root, rootMargin: '1000px' });
    for (const group of root.querySelectorAll('.group:empty')) this.#near.observe(group);
  }

  hostDisconnected(): void {
    this.#near?.disconnect();
    this.#near = undefined;
  }

  #onNear(entries: IntersectionObserverEntry[]) {
    const near = entries.filter(({ isIntersecting }) => isIntersecting).map(({ target }) => target as HTMLElement);
    if (!near.length) return;
    for (const group of near) this.#near?.unobserve(group);
    this.#mounted = new Set([...this.#mounted, ...near.map(({ dataset }) => dataset.first ?? '')]);
    this.host.requestUpdate();
  }
}

/** Cuts a conversation into its groups. */
export function groupsOf<Message>(messages: readonly Message[]): Message[][] {
  const count = Math.ceil(messages.length / GROUP);
  return Array.from({ length: count }, (_, index) => messages.slice(index * GROUP, (index + 1) * GROUP));
}
