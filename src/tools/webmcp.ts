/**
 * The tools that a page has registered for browser agents (https://webmachinelearning.github.io/webmcp/), where the browser lets the page
 * itself use them. What the browser gives is read field by field: it need not be a plain object, and drafts differ.
 */
import { isObject, isText, parseJson } from '../protocol/json';
import { textOfResult } from './mcp-result';
import { messageOf } from './message-of';
import { NO_ARGUMENTS, type Tool } from './tool';

interface PageTool {
  readonly name?: unknown;
  readonly title?: unknown;
  readonly description?: unknown;
  /** An object, in earlier drafts its JSON. */
  readonly inputSchema?: unknown;
}

interface ModelContext extends Partial<EventTarget> {
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
    return [...(await context.getTools())].flatMap(tool => toolOf(tool, context));
  } catch (cause) {
    throw new Error(`The tools of this page are not to be had: ${messageOf(cause)}`, { cause });
  }
}

/** Tells when others can be used. @returns what ends that */
export function onPageTools(listener: () => void): () => void {
  const context = modelContext();
  const tell = () => listener();
  context?.addEventListener?.('toolchange', tell);
  return () => context?.removeEventListener?.('toolchange', tell);
}

function toolOf(tool: PageTool, context: ModelContext): Tool[] {
  const { name, title, description, inputSchema } = tool;
  if (!isText(name)) return [];
  const schema = isText(inputSchema) ? parseJson(inputSchema) : inputSchema;
  return [
    {
      name,
      title: isText(title) ? title : name,
      description: isText(description) ? description : '',
      parameters: isObject(schema) ? schema : NO_ARGUMENTS,
      // A page that offers its tools to any agent has not said that they may run unasked.
      approval: 'ask',
      execute: (args, { signal }) => run(tool, args, context, signal),
    },
  ];
}

async function run(tool: PageTool, args: Record<string, unknown>, context: ModelContext, signal: AbortSignal): Promise<string> {
  const execute = async (input: unknown) => context.executeTool?.(tool, input, { signal });
  let result: unknown;
  try {
    result = await execute(args).catch(error => {
      // What takes JSON has read the object as text, and run nothing.
      if (!messageOf(error).includes('Failed to parse input')) throw error;
      return execute(JSON.stringify(args));
    });
  } catch (cause) {
    signal.throwIfAborted();
    throw new Error(`The page's tool did not run, or failed: ${messageOf(cause)}`, { cause });
  }
  const value = isText(result) ? parseJson(result) : result;
  if (isObject(value) && Array.isArray(value['content'])) return textOfResult(value);
  return isText(result) ? result : result === null || result === undefined ? 'Done.' : JSON.stringify(result);
}
