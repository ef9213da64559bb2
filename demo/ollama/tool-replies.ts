/**
 * What the demo does where a page offers tools: which of them a question is about, with what, and what it says of their results.
 * Knows no page: it goes by the words of the question, the names that are offered, and a few rules of English.
 */
import type { Chat, Message } from './chat-request.ts';

/** A property of a tool's parameters, as far as it is read here. */
interface Property {
  readonly type?: string;
  readonly description?: string;
  readonly enum?: readonly unknown[];
}

interface Offered {
  readonly name: string;
  readonly description?: string;
  readonly parameters?: { readonly properties?: Readonly<Record<string, Property>>; readonly required?: readonly string[] };
}

/** The calls that a question asks for: several where it is about several tools, none where it is about none. */
export function callsFor({ messages, tools = [] }: Chat, question: string): object[] {
  const offered = tools.flatMap(tool => ('function' in tool ? [tool.function as Offered] : []));
  const asked = offered.flatMap(tool => {
    const given = isAbout(tool, question) ? argumentsFrom(tool, question) : undefined;
    return given ? [{ name: tool.name, arguments: given }] : [];
  });
  // The number of messages keeps an id from coming twice in one conversation.
  return asked.map((call, index) => ({ id: `call_${messages.length}_${index}`, function: { index, ...call } }));
}

/** What came of the calls, in a sentence for each; nothing where no call was answered just now. */
export function ofResults(messages: readonly Message[]): string | undefined {
  const results = messages.slice(messages.findLastIndex(({ role }) => role !== 'tool') + 1);
  if (!results.length) return;
  const done = results.filter(({ content }) => !content.startsWith('Error: ')).map(({ content }) => plain(content));
  return [...(done.length ? ['Done.'] : []), ...done, ...results.flatMap(excuse)].join(' ');
}

/** Without meaning as Markdown. */
export const plain = (text: string) => text.replace(/[\\`*_{}[\]<>()#+!|~&]/g, '\\$&');

function excuse({ content, tool_name = '' }: Message): string[] {
  const error = /^Error: (.*)/s.exec(content)?.[1];
  if (error === undefined) return [];
  const name = `**${plain(tool_name)}**`;
  return [
    /^The (?:user|page) refused/.test(error)
      ? `${name} was refused, so I left that as it was. Ask again if you change your mind.`
      : `${name} did not work, sorry: ${plain(error)}`,
  ];
}

/** Of four letters and more, but for those that say nothing about the subject. */
const words = (text: string) =>
  (text.toLowerCase().match(/\p{L}{4,}/gu) ?? []).filter(
    word => !/^(?:show|some|that|them|then|this|what|when|with|only|than|from|into|page|please|without)$/.test(word),
  );

/** Whether they share a word, in whichever form: “book” and “booking”, “costs” and “cost”. */
function isAbout({ name, description = '', parameters }: Offered, question: string): boolean {
  const all = Object.entries(parameters?.properties ?? {}).map(
    ([property, about]) => `${property.replaceAll('_', ' ')} ${about.description ?? ''} ${about.enum?.join(' ') ?? ''}`,
  );
  const own = words([name.replaceAll('_', ' '), description, ...all].join(' '));
  return words(question).some(asked => own.some(word => isFormOf(word, asked) || isFormOf(asked, word)));
}

const isFormOf = (longer: string, word: string) => longer.startsWith(word) && /^(?:e?s|ed|ing)?$/.test(longer.slice(word.length));

/** Nothing where one is missing that has to be there. */
function argumentsFrom({ parameters }: Offered, question: string): Record<string, unknown> | undefined {
  const properties = Object.entries(parameters?.properties ?? {});
  const options = properties.flatMap(([, property]) => property.enum ?? []);
  const found = properties.flatMap(([name, property]) => {
    const value = property.enum ? optionIn(property.enum, question) : valueIn(name, property, question, options);
    return value === undefined ? [] : [[name, value] as const];
  });
  const given = Object.fromEntries(found);
  return parameters?.required?.every(name => name in given) === false ? undefined : given;
}

const optionIn = (options: readonly unknown[], question: string) =>
  options.find(option => new RegExp(String.raw`(?<!\p{L})${escaped(String(option))}(?!\p{L})`, 'iu').test(question));

const escaped = (text: string) => text.replace(/[^\p{L}\p{N}]/gu, String.raw`\$&`);

const NUMBERS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve'];
const NUMBER = new RegExp(String.raw`(\blimit )?\b(\d+(?:\.\d+)?|${NUMBERS.slice(1).join('|')})\b`, 'gi');
const LIMIT = /\b(?:(?:less|cheaper) than|under|below|at most|up to)\s+\D?(?=\w)/gi;

function valueIn(name: string, { type, description = '' }: Property, question: string, options: readonly unknown[]): unknown {
  if (type === 'number' || type === 'integer') {
    const isLimit = /price|cost|max|below|limit/i.test(`${name} ${description}`);
    const number = [...question.replace(LIMIT, 'limit ').matchAll(NUMBER)].find(([, limit]) => Boolean(limit) === isLimit)?.[2];
    return number && (/\d/.test(number) ? Number(number) : NUMBERS.indexOf(number.toLowerCase()));
  }
  if (type !== 'string') return;
  const quoted = /[“"]([^”"]+)[”"]/.exec(question)?.[1];
  if (/name/.test(name)) return nameIn(question, options);
  if (/note|comment|message/.test(name)) return quoted ?? /\bnote:?\s+(.+?)[.!]?$/i.exec(question)?.[1];
  return quoted ?? /\b(?:with|containing|find|search for|look for)\s+(?:an?\s|the\s|some\s)?([\p{L}-]+)/iu.exec(question)?.[1];
}

/** “for Kim”, and not “for Friday”. */
function nameIn(question: string, options: readonly unknown[]): string | undefined {
  const names = [...question.matchAll(/\b(?:for|name is|named|I am|I[’']m)\s+(\p{Lu}[\p{L}’'-]+)/gu)].map(match => match[1]);
  return names.find(name => !options.includes(name));
}
