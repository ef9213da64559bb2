/**
 * Answers the calls of one reply: every one, whatever becomes of it, so that the model always has something to go on with.
 * Knows no wire and no interface; who may run what is asked of the caller.
 */
import { aborted } from '../aborted';
import type { ToolCall } from '../protocol/client';
import { SilenceLimit } from '../protocol/silence';
import { faultOf } from './arguments';
import { messageOf } from './message-of';
import type { Tool } from './tool';

/** What became of a call. */
export interface Step {
  readonly call: ToolCall;
  /** Absent for a name that nobody offered. */
  readonly tool: Tool | undefined;
  state: 'waiting' | 'asking' | 'running' | 'done' | 'refused' | 'failed';
  /** For the model. */
  result: string;
  /** For the visitor, while it runs. */
  progress?: string;
}

export interface Caller {
  tools: readonly Tool[];
  /** Calls that have been made in the reply before, as {@link signatureOf} says: they are not made again. */
  before: ReadonlySet<string>;
  /** Seconds until a call is given up; 0 for never. */
  timeout: number;
  /** Whether the page lets it run. */
  permits: (name: string, args: Record<string, unknown>) => boolean;
  /** Whether the visitor lets it run. */
  consents: (step: Step, tool: Tool, signal: AbortSignal) => Promise<boolean>;
  /** There are steps, or one is in another state. */
  changed: (steps: readonly Step[], step?: Step) => void;
  /** A step that runs says how far it is. */
  progressed: () => void;
  /** How much of a result goes to the model, in characters. */
  limit: number;
}

/** How long arguments may be that a visitor is to look at, in characters: what cannot be seen cannot be allowed. */
const SEEN_LIMIT = 50_000;

/** The same for calls that ask for the same. */
export const signatureOf = ({ function: { name, arguments: args }, unread }: ToolCall): string =>
  JSON.stringify([name, sorted(args), unread]);

const sorted = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(sorted)
    : typeof value === 'object' && value !== null
      ? Object.fromEntries(
          Object.entries(value)
            .toSorted(([a], [b]) => (a < b ? -1 : 1))
            .map(([key, item]) => [key, sorted(item)]),
        )
      : value;

/**
 * Runs what may run, all at the same time, and resolves once each has its result, in the order of the calls.
 * @throws the signal's reason when it aborts: what runs is aborted, too.
 */
export async function answerCalls(calls: readonly ToolCall[], caller: Caller, signal: AbortSignal): Promise<readonly Step[]> {
  const steps: Step[] = calls.map(call => ({
    call,
    tool: caller.tools.find(({ name }) => name === call.function.name),
    state: 'waiting',
    result: '',
  }));
  const change = (step: Step, changes: Partial<Step>) => {
    if (signal.aborted) return;
    Object.assign(step, changes);
    caller.changed(steps, step);
  };
  caller.changed(steps);
  await Promise.all(steps.map(step => answer(step, caller, signal, changes => change(step, changes))));
  signal.throwIfAborted();
  return steps;
}

async function answer(step: Step, caller: Caller, signal: AbortSignal, change: (changes: Partial<Step>) => void): Promise<void> {
  const { call, tool } = step;
  const { name, arguments: args } = call.function;
  const fail = (text: string) => change({ state: 'failed', result: `Error: ${text}` });
  if (!tool) {
    const offered = caller.tools.map(other => other.name).join(', ');
    return fail(`There is no tool named ${JSON.stringify(name)}.${offered ? ` There are: ${offered}.` : ' Answer without tools.'}`);
  }
  if (caller.before.has(signatureOf(call)))
    return fail('The same call was made just before: its result is above. Answer with what you have.');
  if (call.unread !== undefined)
    return fail(`The arguments cannot be read: ${JSON.stringify(call.unread)}. Call again with a JSON object that is not nested too deep.`);
  try {
    const fault = await faultOf(args, tool.parameters, !tool.origin);
    if (fault) return fail(`The arguments do not fit. ${fault} Mend them and call again.`);
  } catch {
    return fail('The arguments could not be checked, so nothing ran.');
  }
  if (signal.aborted) return;
  if (!caller.permits(tool.pageName, args)) return change({ state: 'refused', result: 'Error: The page refused this call.' });
  // What hears the event may have ended the answer.
  if (signal.aborted) return;
  if (tool.approval === 'ask') {
    if (JSON.stringify(args, null, 1).length > SEEN_LIMIT)
      return fail('The arguments are too long to be shown to the user. Call with shorter ones.');
    change({ state: 'asking' });
    if (!(await caller.consents(step, tool, signal)))
      return change({ state: 'refused', result: 'Error: The user refused this call. Do not make it again.' });
  }
  if (signal.aborted) return;
  change({ state: 'running' });
  await run(step, tool, caller, signal, change);
}

async function run(
  step: Step,
  tool: Tool,
  { timeout, limit: longest, progressed }: Caller,
  signal: AbortSignal,
  change: (changes: Partial<Step>) => void,
): Promise<void> {
  // Its own: what has ended hears nothing of what becomes of the answer.
  const limit = new SilenceLimit(timeout, signal);
  let isOver = false;
  const progress = (text: string) => {
    if (isOver || limit.signal.aborted) return;
    limit.heard();
    step.progress = text;
    progressed();
  };
  try {
    const running = (async () => tool.execute(structuredClone(step.call.function.arguments), { signal: limit.signal, progress }))();
    // A tool that overlooks its signal must not hold up the chat.
    const value = await Promise.race([running, aborted(limit.signal)]);
    change({ state: 'done', result: cut(textOf(value), longest) });
  } catch (error) {
    // For whoever wrote it: the visitor and the model get its words alone.
    if (!limit.signal.aborted) console.warn(`<ollama-chat> The tool ${tool.pageName} failed:`, error);
    const words = limit.failure ? `No result came within ${timeout} seconds.` : messageOf(error);
    change({ state: 'failed', result: cut(`Error: ${words}`, longest) });
  } finally {
    isOver = true;
    limit.end();
  }
}

/** As the model reads it: a string as it is, anything else as JSON. */
const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value)) || 'Done.';

const cut = (text: string, limit: number): string =>
  text.length > limit ? `${text.slice(0, limit)} … (cut off: ${text.length} characters)` : text;
