/** What a tool in the words of MCP gives back, as text for a model. Nothing of it is trusted to be what it says. */
import { isObject, isText } from '../protocol/json';

/**
 * Its texts, one a line; where there are none, its structured content as JSON. What no text can be is named, and never copied.
 * @throws {Error} with that text, where the tool says that it failed.
 */
export function textOfResult(result: unknown): string {
  const { content, structuredContent, isError } = isObject(result) ? result : {};
  const parts = Array.isArray(content) ? content.filter(isObject) : [];
  const structured = structuredContent !== undefined && !parts.some(isWorded) ? [JSON.stringify(structuredContent)] : [];
  const text = [...structured, ...parts.map(wordsOf)].filter(Boolean).join('\n');
  if (isError === true) throw new Error(text || 'The tool failed, and does not say why.');
  return text || 'Done.';
}

/** What a server says while a tool runs. */
export function progressText({ progress, total, message }: { progress: number; total?: number | undefined; message?: string | undefined }) {
  return message?.slice(0, 200) || (total === undefined ? String(progress) : `${progress}/${total}`);
}

type Part = Record<string, unknown>;

const isWorded = ({ type, text, resource }: Part) => (type === 'text' ? isText(text) : isObject(resource) && isText(resource['text']));

function wordsOf(part: Part): string {
  const { type, text, uri, resource } = part;
  if (type === 'text') return isText(text) ? text : '';
  // The model can ask for what lies there where it has a tool to do so.
  if (type === 'resource_link') return isText(uri) ? uri : '[resource]';
  // A file that is text is what was asked for; any other is bytes in base64.
  if (isObject(resource)) return isText(resource['text']) ? resource['text'] : named('resource', resource['mimeType'] ?? resource['uri']);
  return named(isText(type) ? type : 'something', part['mimeType']);
}

const named = (kind: string, what: unknown) => `[${[kind, ...(isText(what) ? [what] : [])].join(' ').slice(0, 200)}]`;
