/** Says at the end of a run which servers were not there, and how to get them: a test that was skipped is soon overlooked. */
import type { Reporter, TestCase } from '@playwright/test/reporter';

export default class MissingReporter implements Reporter {
  readonly #skipped = new Map<string, number>();

  onTestEnd({ annotations }: TestCase, result: { status: string; annotations: TestCase['annotations'] }): void {
    if (result.status !== 'skipped') return;
    const reason = [...result.annotations, ...annotations].find(({ type }) => type === 'skip')?.description;
    if (reason) this.#skipped.set(reason, (this.#skipped.get(reason) ?? 0) + 1);
  }

  onEnd(): void {
    for (const [reason, tests] of this.#skipped) console.log(`\nNot tried (${tests} tests). ${reason}`);
  }

  printsToStdio(): boolean {
    return false;
  }
}
