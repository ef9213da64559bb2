/** A tool as an MCP server lists it, as it is used here. Nothing of it is trusted to be what it says. */
import { isObject, isText } from '../protocol/json';
import { type Tool, toolOf } from './tool';

/** What a page says of a server's tools, by the names that the server has for them. */
export type Approvals = Readonly<Record<string, 'allow' | 'ask' | 'off'>>;

/** Calls the tool that the server has under this name. */
export type Call = (name: string, ...given: Parameters<Tool['execute']>) => unknown;

/**
 * Those of a list that can be used: not what is off, has no name, or answers later and by other means.
 * @param url their server's
 */
export function toolsOfList(url: URL, list: readonly unknown[], approvals: Approvals | undefined, call: Call): Tool[] {
  const { host, pathname } = url;
  return list.flatMap(entry => {
    const { name, title, description, inputSchema, annotations, execution } = isObject(entry) ? entry : {};
    if (!isText(name)) return [];
    const approval = approvals && Object.hasOwn(approvals, name) ? approvals[name] : 'ask';
    if (approval === 'off' || (isObject(execution) && execution['taskSupport'] === 'required')) return [];
    const titles = [title, isObject(annotations) && annotations['title']];
    const described = { name, title: titles.find(isText), description, parameters: inputSchema };
    // A word that nobody knows lets nothing run; a server's own word for what is harmless is not asked: whom it harms is the visitor.
    return [toolOf(host + pathname, described, approval === 'allow' ? 'allow' : 'ask', (args, options) => call(name, args, options))];
  });
}
