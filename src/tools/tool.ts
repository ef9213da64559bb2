/** A function that the model may call, as a page gives it and as it is used. Runs nothing. */
import { isObject, isText } from '../protocol/json';

/** How a page gives a function into the model's hands. */
export interface ChatTool {
  /**
   * What the model calls it by. Servers take up to 64 of `A-Z a-z 0-9 _ -`: the model reads a longer name cut, and `_` for what else is in
   * it; of two tools by the same name the second is `…_2`. Your page hears `chat-tool-call` with the name as it is written here, as long as
   * no tool before it has the same.
   */
  name: string;
  /** What the visitor reads: one line, of 100 characters at most. Default: the name. */
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
  /** As its source writes it; once it is {@link merged}, as the model calls it. */
  name: string;
  /** What the page reads in its place: see {@link ChatTool.name}. */
  pageName: string;
  title: string;
  description: string;
  /** A copy, which nobody changes: what is checked is what the model was told. */
  parameters: object;
  approval: 'ask' | 'allow';
  /** The host that it runs on; empty for what runs in the page. */
  origin: string;
  /** The same as long as it is the same tool, whatever it is called by: what a visitor allows for good. */
  key: string;
  /** `progress` takes what is worth showing while it runs. */
  execute: (args: Record<string, unknown>, options: { signal: AbortSignal; progress: (text: string) => void }) => unknown;
}

/** What a source says of a tool. Nothing but the name has to be what it should. */
export interface Described {
  name: string;
  title?: unknown;
  description?: unknown;
  parameters?: unknown;
}

const NO_ARGUMENTS = { type: 'object', properties: {}, additionalProperties: false };

/** The one way in which a tool is made, wherever it comes from. One without a schema that can be read takes no arguments. */
export function toolOf(origin: string, described: Described, approval: Tool['approval'], execute: Tool['execute']): Tool {
  const { name, title } = described;
  const description = isText(described.description) ? described.description : '';
  const parameters = schemaOf(described.parameters) ?? NO_ARGUMENTS;
  return {
    ...{ name, pageName: name, title: line(title) || line(name) || wireName(name), description, parameters, approval, origin },
    key: JSON.stringify([origin, name, description, parameters]),
    execute,
  };
}

/** A copy, without what JSON cannot hold: it is frozen, circular, or watched by a framework, as the page likes. */
function schemaOf(given: unknown): object | undefined {
  try {
    const copy: unknown = JSON.parse(JSON.stringify(given));
    return isObject(copy) ? copy : undefined;
  } catch {
    return undefined;
  }
}

/** A title can be anybody's, and is read where the visitor decides: no breaks, nothing that turns the direction, and no book. */
const line = (text: unknown) =>
  isText(text) ? [...text.replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_C}]+/gu, ' ').trim()].slice(0, 100).join('') : '';

/**
 * Those that can be used, in their order. Never throws.
 * @param warn told of each that cannot, and what it lacks.
 */
export function toolsOf(given: readonly (ChatTool | WireTool)[], warn: (text: string) => void): Tool[] {
  if (!Array.isArray(given)) {
    warn('<ollama-chat> tools are left out: give an array, [{ name, description, parameters, execute }].');
    return [];
  }
  return given.flatMap((entry: unknown, index) => {
    // Read one by one: they may be getters of a class.
    const fields = isObject(entry) ? entry : {};
    const { execute, approval = 'ask', title } = fields;
    const { name, description, parameters } = isObject(fields.function) ? fields.function : fields;
    const fault = !isText(name)
      ? 'give it a name'
      : typeof execute !== 'function'
        ? 'give it a function execute'
        : approval !== 'ask' && approval !== 'allow'
          ? 'its approval is "ask" or "allow"'
          : parameters && !schemaOf(parameters)
            ? 'its parameters are a JSON Schema, an object that JSON can hold'
            : '';
    if (fault) {
      warn(`<ollama-chat> tools[${index}]${isText(name) ? `, ${JSON.stringify(name)},` : ''} is left out: ${fault}.`);
      return [];
    }
    const described = { name: String(name), title, description, parameters };
    const run = execute as ChatTool['execute'];
    return [toolOf('', described, approval === 'allow' ? 'allow' : 'ask', (args, options) => run.call(entry as ChatTool, args, options))];
  });
}

/** What servers of OpenAI's kind take as a name; they refuse the whole question for one that is no such. */
const LONGEST_NAME = 64;

/** All of them, each under a name of its own that every server takes: a later one of the same name gets a number. */
export function merged(...lists: readonly (readonly Tool[])[]): Tool[] {
  const names = new Set<string>();
  const pageNames = new Set<string>();
  return lists.flat().map(tool => {
    const plain = wireName(tool.name);
    let name = plain;
    for (let number = 2; names.has(name); number++) name = `${plain.slice(0, LONGEST_NAME - String(number).length - 1)}_${number}`;
    names.add(name);
    const pageName = tool.origin || pageNames.has(tool.name) ? name : tool.name;
    pageNames.add(pageName);
    return { ...tool, name, pageName };
  });
}

/** Letters keep what is left of them without their marks. */
function wireName(name: string): string {
  const plain = name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\w-]+/g, '_');
  // Of other scripts nothing is left.
  return /[^_-]/.test(plain) ? plain.slice(0, LONGEST_NAME) : 'tool';
}

/** As both APIs take it. */
export const wireTool = ({ name, description, parameters }: Tool): object => ({
  type: 'function',
  function: { name, description, parameters },
});
