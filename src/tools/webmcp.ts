/**
 * The tools that a page has registered for browser agents (https://webmachinelearning.github.io/webmcp/), where the browser lets the page
 * itself use them. What the browser gives is read field by field: it need not be a plain object, and drafts differ.
 */
import { isObject, isText, parseJson } from '../protocol/json';
import { textOfResult } from './mcp-result';
import { messageOf } from './message-of';
import { type Tool, toolOf } from './tool';

interface PageTool {
  readonly name?: unknown;
  readonly title?: unknown;
  readonly description?: unknown;
  /** An object, in earlier drafts its JSON. */
  readonly inputSchema?: unknown;
}

interface ModelContext {
  getTools?(): Promise<Iterable<PageTool>>;
  executeTool?(tool: PageTool, input: unknown, options: { signal: AbortSignal }): Promise<unknown>;
}

/** Where a browser has it, by the draft or as it was before. */
function modelContext(): ModelContext | undefined {
  const { modelContext = (navigator as { modelContext?: ModelContext }).modelContext } = document as { modelContext?: ModelContext };
  return modelContext;
}

/**
 * Those that can be used now; none where the browser has no such thing. Names can repeat.
 * @throws {Error} in words, where the page's policy refuses.
 */
export async function pageTools(): Promise<Tool[]> {
  const context = modelContext();
  if (typeof context?.getTools !== 'function' || typeof context.executeTool !== 'function') return [];
  try {
    return [...(await context.getTools())].flatMap(tool => readTool(tool, context));
  } catch (cause) {
    throw new Error(`The tools of this page are not to be had: ${messageOf(cause)}`, { cause });
  }
}

function readTool(tool: PageTool, context: ModelContext): Tool[] {
  const { name, title, description, inputSchema } = tool;
  if (!isText(name)) return [];
  const parameters = isText(inputSchema) ? parseJson(inputSchema) : inputSchema;
  // A page that offers its tools to any agent has not said that they may run unasked.
  return [toolOf('', { name, title, description, parameters }, 'ask', (args, { signal }) => run(tool, args, context, signal))];
}

async function run(tool: PageTool, args: Record<string, unknown>, context: ModelContext, signal: AbortSignal): Promise<string> {
  // Some drafts take an object, others its JSON; trying one after the other could run a tool twice. This is the one, and as a text the other.
  const input = { ...args, [Symbol.toPrimitive]: () => JSON.stringify(args) };
  let result: unknown;
  try {
    result = await context.executeTool?.(tool, input, { signal });
  } catch (cause) {
    signal.throwIfAborted();
    throw new Error(`The page's tool did not run, or failed: ${messageOf(cause)}`, { cause });
  }
  const value = isText(result) ? parseJson(result) : result;
  if (isObject(value) && Array.isArray(value['content'])) return textOfResult(value);
  return isText(result) ? result : result === null || result === undefined ? 'Done.' : JSON.stringify(result);
}
