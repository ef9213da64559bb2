/** Where answers wait until the test lets them go on, so that no test has to be faster than an answer. */
export class Gate {
  readonly #waiting = new Set<() => void>();
  #released = 0;

  /** Lets one answer go on: the one that waits longest, else the next that comes here. */
  release(): void {
    const [go] = this.#waiting;
    if (go) go();
    else this.#released += 1;
  }

  /** Resolves at the next {@link release}, or once nobody waits for the answer any more. */
  wait(signal: AbortSignal): Promise<void> {
    return new Promise(resolve => {
      if (signal.aborted) return resolve();
      if (this.#released) {
        this.#released -= 1;
        return resolve();
      }
      const go = () => {
        this.#waiting.delete(go);
        signal.removeEventListener('abort', go);
        resolve();
      };
      this.#waiting.add(go);
      signal.addEventListener('abort', go);
    });
  }
}
