/** A function that the model may call, as a page gives it and as it is used. Runs nothing. */

/** How a page gives a function into the model's hands. */
export interface ChatTool {
  /** What the model calls it by. */
  name: string;
  /** What the visitor reads. Default: the name. */
  title?: string;
  /** What it does, for the model. */
  description?: string;
  /** A JSON Schema of its arguments: no call runs that does not fit. Default: none are taken. */
  parameters?: object;
  /** `ask`: the visitor is asked before each call; `allow`: it runs at once. Default: `ask`. */
  approval?: 'ask' | 'allow';
  /** What it returns goes back to the model: a string as it is, anything else as JSON; the message of what it throws, too. The signal says that nobody waits any more. */
  // oxlint-disable-next-line typescript/no-explicit-any -- what the schema says is the page's to know
  execute(args: any, options: { signal: AbortSignal }): unknown;
}

/** The form of the wire, with the function beside it. */
export interface WireTool extends Pick<ChatTool, 'title' | 'approval' | 'execute'> {
  type?: 'function';
  function: Pick<ChatTool, 'name' | 'description' | 'parameters'>;
}

/** A function as it is used: from the page, from an MCP server, from WebMCP. */
export interface Tool {
  name: string;
  title: string;
  description: string;
  parameters: object;
  approval: 'ask' | 'allow';
  /** `progress` takes what is worth showing while it runs. */
  execute: (args: Record<string, unknown>, options: { signal: AbortSignal; progress: (text: string) => void }) => unknown;
}

/** Takes none. */
export const NO_ARGUMENTS = { type: 'object', properties: {} };

/**
 * Those that can be used, in their order.
 * @param warn told of each that cannot, in words.
 */
export function toolsOf(given: readonly (ChatTool | WireTool)[], warn: (text: string) => void): Tool[] {
  return given.flatMap(entry => {
    const { execute, title, approval = 'ask' } = entry ?? {};
    const {
      name,
      description = '',
      parameters = NO_ARGUMENTS,
    } = ('function' in (entry ?? {}) ? (entry as WireTool).function : (entry as ChatTool)) ?? {};
    const fault =
      typeof name !== 'string' || !name
        ? 'has no name'
        : typeof execute !== 'function'
          ? 'has no function execute'
          : approval !== 'ask' && approval !== 'allow'
            ? `has the approval ${JSON.stringify(approval)}: it is "ask" or "allow"`
            : '';
    if (fault) {
      warn(`<ollama-chat> A tool ${fault}, and is left out: ${JSON.stringify(name ?? entry)}`);
      return [];
    }
    return [
      { name, title: title || name, description, parameters, approval, execute: (args, options) => execute.call(entry, args, options) },
    ];
  });
}

/** All of them, each under a name of its own: a later one of the same name gets a number. */
export function merged(...lists: readonly (readonly Tool[])[]): Tool[] {
  const names = new Set<string>();
  return lists.flat().map(tool => {
    let { name } = tool;
    for (let number = 2; names.has(name); number++) name = `${tool.name}_${number}`;
    names.add(name);
    return { ...tool, name };
  });
}

/** As both APIs take it. */
export const wireTool = ({ name, description, parameters }: Tool): object => ({
  type: 'function',
  function: { name, description, parameters },
});
