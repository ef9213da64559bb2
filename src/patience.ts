/** How long anybody waits for what an answer can do without: a shelf, another tab, somebody else's list. */

/** In milliseconds. */
export const PATIENCE = 2000;

/** Resolves once it is done, or has failed, or the patience has ended; with whether that was in time. */
export async function within(done: Promise<unknown> | undefined, patience = PATIENCE): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<false>(resolve => (timer = setTimeout(resolve, patience, false)));
  const end = () => true;
  return Promise.race([Promise.resolve(done).then(end, end), late]).finally(() => clearTimeout(timer));
}
