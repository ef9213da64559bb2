/** A clock that a test turns by hand: timers, `performance.now()` and `Date.now()`. */

const real = { setTimeout: globalThis.setTimeout, clearTimeout: globalThis.clearTimeout, now: Date.now };

interface Timer {
  id: number;
  due: number;
  run: () => void;
}

export interface FakeClock {
  /** What each timer that was ever set had to wait, in milliseconds. */
  readonly waits: number[];
  /** How many timers are set at present. */
  readonly waiting: number;
  /** Lets this much time pass, timer by timer. */
  advance(milliseconds: number): void;
}

/** Replaces the browser's clock until {@link restoreClock}. */
export function fakeClock(): FakeClock {
  const waits: number[] = [];
  let timers: Timer[] = [];
  let now = 1000;
  const set = (run: () => void, wait = 0) => {
    waits.push(wait);
    timers.push({ id: waits.length, due: now + wait, run });
    return waits.length;
  };
  globalThis.setTimeout = set as unknown as typeof setTimeout;
  globalThis.clearTimeout = (id: unknown) => void (timers = timers.filter(timer => timer.id !== id));
  performance.now = () => now;
  Date.now = () => Date.UTC(2026, 10, 22) + now;
  return {
    waits,
    get waiting() {
      return timers.length;
    },
    advance(milliseconds) {
      const end = now + milliseconds;
      for (;;) {
        const next = timers.filter(timer => timer.due <= end).toSorted((one, other) => one.due - other.due)[0];
        if (!next) break;
        timers = timers.filter(timer => timer !== next);
        now = next.due;
        next.run();
      }
      now = end;
    },
  };
}

export function restoreClock(): void {
  globalThis.setTimeout = real.setTimeout;
  globalThis.clearTimeout = real.clearTimeout;
  // The fake one stands before the one of the prototype.
  delete (performance as Partial<Performance>).now;
  Date.now = real.now;
}
