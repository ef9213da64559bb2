/** A tool as an MCP server lists it, as it is used here. Nothing of it is trusted to be what it says. */
import { isObject, isText } from '../protocol/json';
import { NO_ARGUMENTS, type Tool } from './tool';

/** What a page says of a server's tools, by the names that the server has for them. */
export type Approvals = Readonly<Record<string, 'allow' | 'ask' | 'off'>>;

/** Calls the tool that the server has under this name. */
export type Call = (name: string, ...given: Parameters<Tool['execute']>) => unknown;

/** Those of a list that can be used: not what is off, has no name, or answers later and by other means. */
export function toolsOfList(list: readonly unknown[], approvals: Approvals | undefined, call: Call): Tool[] {
  return list.flatMap(entry => {
    const { name, title, description, inputSchema, annotations, execution } = isObject(entry) ? entry : {};
    if (!isText(name) || !name) return [];
    const approval = approvals && Object.hasOwn(approvals, name) ? approvals[name] : 'ask';
    if (approval === 'off' || (isObject(execution) && execution['taskSupport'] === 'required')) return [];
    return [
      {
        name: callableName(name),
        title:
          [title, isObject(annotations) && annotations['title'], name].find((text): text is string => isText(text) && text !== '') ?? '',
        description: isText(description) ? description : '',
        parameters: isObject(inputSchema) ? inputSchema : NO_ARGUMENTS,
        // A word that nobody knows lets nothing run.
        approval: approval === 'allow' ? 'allow' : 'ask',
        // A server's own word for what is harmless is not asked: whom it harms is the visitor.
        execute: (args, options) => call(name, args, options),
      },
    ];
  });
}

/** As OpenAI-compatible servers take a name; MCP's may have dots, and be longer. */
const callableName = (name: string) => name.replace(/[^\w-]/g, '_').slice(0, 64);
