/** What a failure says, for tests that compare it as a whole. */
import { expect } from '@open-wc/testing';
import { ChatError, type ChatErrorDetail } from '../../../src/errors.ts';

/** The facts of the `ChatError` that `promise` rejects with. Fails where it does not, or with anything else. */
export async function failure(promise: Promise<unknown>): Promise<ChatErrorDetail> {
  const error = await rejection(promise);
  expect(error).to.be.instanceOf(ChatError);
  return (error as ChatError).detail;
}

/** Whatever `promise` rejects with. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  const outcome = await promise.then(
    value => ({ value }),
    (error: unknown) => ({ error }),
  );
  if ('value' in outcome) expect.fail(`resolved with ${JSON.stringify(outcome.value)}`);
  return outcome.error;
}
