/**
 * What was stored, read back. It is not trusted: fields are copied by name into new objects, and none is larger than its limit.
 * Pure; nothing here throws. Knows no storage.
 */
import type { ChatMessage } from '../conversation/message';
import type { ChatStats, ToolCall } from '../protocol/client';

/** The version of what is stored now. */
export const VERSION = 1;

/** The longest content, and all that a tool call may hold, in UTF-16 units. */
export const TEXT_LIMIT = 4 * 2 ** 20;

const ID_LIMIT = 200;
const NAME_LIMIT = 1000;
const IMAGES_LIMIT = 32;
/** 20 MiB as base64. */
const IMAGE_LIMIT = 28_000_000;
const CALLS_LIMIT = 128;
const QUEUE_LIMIT = 100;
/** Of a draft, which a browser lays out as a whole: four times as long a line takes it sixteen times as long, minutes in the end. */
const DRAFT_LIMIT = 2 ** 20;
const LINE_LIMIT = 2 ** 17;
/** How many objects and lists may stand in each other, the arguments themselves included. */
const DEPTH_LIMIT = 32;
const TITLE_LENGTH = 60;

/** Names by which a careless copy would reach a prototype. */
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

/** A field that could not be read; `message` where there is nothing to read from. */
export type Field = 'message' | 'id' | 'role' | 'content' | Optional;

type Optional = 'thinking' | 'images' | 'tool_calls' | 'tool_name' | 'tool_call_id';

export interface Examined {
  /** Absent where the rest is no message. */
  message?: ChatMessage;
  /** What was given and is not in the message. The status and the counters are not counted, nor what no message has. */
  lost: Field[];
}

/** A message from plain data, or `undefined` where it is none. */
export const readMessage = (value: unknown): ChatMessage | undefined => examine(value).message;

/** As {@link readMessage}, and says what of the message could not be read. */
export function examine(value: unknown): Examined {
  try {
    return isObject(value) ? examineObject(value) : { lost: ['message'] };
  } catch {
    // Only what is no plain data gets here, such as an object whose fields throw.
    return { lost: ['message'] };
  }
}

function examineObject(value: object): Examined {
  const id = own(value, 'id');
  if (!isText(id, ID_LIMIT) || !id || /\p{Cc}/u.test(id)) return { lost: ['id'] };
  const role = own(value, 'role');
  if (role !== 'user' && role !== 'assistant' && role !== 'tool') return { lost: ['role'] };
  const content = own(value, 'content');
  if (!isText(content, TEXT_LIMIT)) return { lost: ['content'] };
  const { fields, lost } = readOptional(value);
  const status = readStatus(own(value, 'status'));
  const stats = readStats(own(value, 'stats'));
  return { message: { id, role, content, ...fields, status, ...(stats && { stats }) }, lost };
}

const readers = {
  thinking: value => (isText(value, TEXT_LIMIT) ? value : undefined),
  images: readImages,
  tool_calls: readCalls,
  tool_name: readName,
  tool_call_id: readName,
} satisfies { [K in Optional]: (value: unknown, lose: () => void) => ChatMessage[K] };

function readOptional(value: object): { fields: Pick<ChatMessage, Optional>; lost: Optional[] } {
  const lost = new Set<Optional>();
  const fields: Partial<Record<Optional, unknown>> = {};
  for (const field of Object.keys(readers) as Optional[]) {
    const given = own(value, field);
    if (given == null) continue;
    const found = readers[field](given, () => lost.add(field));
    if (found === undefined) lost.add(field);
    else fields[field] = found;
  }
  return { fields: fields as Pick<ChatMessage, Optional>, lost: [...lost] };
}

const readStatus = (value: unknown): ChatMessage['status'] => (value === 'complete' || value === 'stopped' ? value : 'interrupted');

/** A record, so that a counter that is added to the type is missed here. */
const COUNTERS: Record<keyof ChatStats, true> = {
  total_duration: true,
  load_duration: true,
  prompt_eval_count: true,
  prompt_eval_duration: true,
  eval_count: true,
  eval_duration: true,
  thinking_duration: true,
};

function readStats(value: unknown): ChatStats | undefined {
  if (!isObject(value)) return undefined;
  const stats: ChatStats = {};
  for (const key of Object.keys(COUNTERS) as (keyof ChatStats)[]) {
    const counter = own(value, key);
    // Not -0, which no JSON keeps.
    if (typeof counter === 'number' && Number.isFinite(counter) && counter >= 0) stats[key] = Math.abs(counter);
  }
  return stats;
}

/** All of them or none: a question about three pictures is another one about two. */
function readImages(value: unknown): string[] | undefined {
  const images = readList(value, IMAGES_LIMIT);
  return images?.every(isBase64) ? images : undefined;
}

/** By what must not be in it: a pattern for all of it would keep a way back for each of its millions of characters. */
function isBase64(value: unknown): value is string {
  if (!isText(value, IMAGE_LIMIT) || !value) return false;
  const padding = value.endsWith('==') ? 2 : value.endsWith('=') ? 1 : 0;
  return !/[^A-Za-z0-9+/]/.test(value.slice(0, value.length - padding));
}

function readCalls(value: unknown, lose: () => void): ToolCall[] | undefined {
  return readList(value, CALLS_LIMIT)?.flatMap(item => {
    const call = readCall(item);
    if (!call) lose();
    return call ?? [];
  });
}

function readCall(value: unknown): ToolCall | undefined {
  if (!isObject(value)) return undefined;
  const id = own(value, 'id') ?? undefined;
  const fn = own(value, 'function');
  const name = isObject(fn) && own(fn, 'name');
  if (!isObject(fn) || !isText(name, NAME_LIMIT) || !name || (id !== undefined && !isText(id, NAME_LIMIT))) return undefined;
  const args = readArguments(own(fn, 'arguments'));
  const index = own(fn, 'index');
  if (!args) return undefined;
  return {
    ...(id !== undefined && { id }),
    function: { name, arguments: args, ...(isCount(index) && { index: Math.abs(index) }) },
  };
}

function readArguments(value: unknown): Record<string, unknown> | undefined {
  if (!isObject(value)) return undefined;
  try {
    return copyJson(value, { left: TEXT_LIMIT }, 1) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

/** Throws for what JSON cannot say, and for what is too large or too deep, as all that contains itself is. */
function copyJson(value: unknown, size: { left: number }, depth: number): unknown {
  take(size, typeof value === 'string' ? value.length + 1 : 1);
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  // Adding makes a 0 of a -0.
  if (typeof value === 'number' && Number.isFinite(value)) return value + 0;
  if (depth > DEPTH_LIMIT) throw new RangeError('too deep');
  if (Array.isArray(value)) return listOf(value, size.left).map(item => copyJson(item, size, depth + 1));
  if (Object.prototype.toString.call(value) === '[object Object]') return copyObject(value as object, size, depth);
  throw new TypeError('no JSON');
}

function copyObject(value: object, size: { left: number }, depth: number): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    take(size, key.length);
    const field = FORBIDDEN.has(key) ? undefined : own(value, key);
    // As JSON does with what is not there.
    if (field !== undefined) copy[key] = copyJson(field, size, depth + 1);
  }
  return copy;
}

function take(size: { left: number }, units: number) {
  size.left -= units;
  if (size.left < 0) throw new RangeError('too large');
}

function readName(value: unknown): string | undefined {
  return isText(value, NAME_LIMIT) ? value : undefined;
}

const readList = (value: unknown, limit: number): unknown[] | undefined =>
  Array.isArray(value) && value.length <= limit ? listOf(value, limit) : undefined;

/** What a list holds now, holes included: each place is read once. */
function listOf(list: readonly unknown[], limit: number): unknown[] {
  const { length } = list;
  if (!(length <= limit)) throw new RangeError('too long');
  return Array.from({ length }, (_, index) => list[index]);
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null && !Array.isArray(value);

const isText = (value: unknown, limit: number): value is string => typeof value === 'string' && value.length <= limit;

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** Not what a page may have put on `Object.prototype`. */
const own = (value: object, key: string): unknown => (Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined);

/** A string, cut to `limit` UTF-16 units and not within a character; empty for all else. */
export function readText(value: unknown, limit = TEXT_LIMIT): string {
  if (typeof value !== 'string') return '';
  const isCutThrough = (value.codePointAt(limit - 1) ?? 0) > 0xffff && value.length > limit;
  return value.slice(0, isCutThrough ? limit - 1 : limit);
}

/** What was kept beside the messages of a conversation, and whether some of that could not be read. */
export function readDesk(record: Readonly<Record<string, unknown>>): { draft: string; queue: string[]; stamp: string; damaged: boolean } {
  const { draft: given = '', queue = [], stamp } = record;
  const draft = isDraft(given) ? given : readText(given, LINE_LIMIT);
  const texts = Array.isArray(queue) ? queue.slice(0, QUEUE_LIMIT).filter(text => isText(text, TEXT_LIMIT)) : [];
  const damaged = draft !== given || !Array.isArray(queue) || texts.length < queue.length;
  return { draft, queue: texts, stamp: readText(stamp, ID_LIMIT), damaged };
}

const isDraft = (value: unknown): value is string =>
  isText(value, DRAFT_LIMIT) && (value.length <= LINE_LIMIT || value.split('\n').every(line => line.length <= LINE_LIMIT));

/** Takes a record to the version that follows its own; the version itself is written by {@link migrate}. */
export type Step = (record: Record<string, unknown>) => Record<string, unknown>;

/** `STEPS[0]` takes version 1 to version 2, and so on: one fewer than {@link VERSION}. */
export const STEPS: readonly Step[] = [];

/** A stored record in the version of now, `newer` where a later program wrote it, `undefined` where it is none. */
export function migrate(record: unknown, steps: readonly Step[] = STEPS): Record<string, unknown> | 'newer' | undefined {
  try {
    const version = isObject(record) ? own(record, 'version') : undefined;
    if (!isObject(record) || !isCount(version) || version < 1) return undefined;
    return version > steps.length + 1 ? 'newer' : runSteps(fieldsOf(record), steps, version);
  } catch {
    return undefined;
  }
}

function runSteps(record: Record<string, unknown>, steps: readonly Step[], from: number): Record<string, unknown> | undefined {
  let current = record;
  for (const [index, step] of steps.entries()) {
    if (index + 1 < from) continue;
    const next: unknown = step(current);
    if (!isObject(next)) return undefined;
    current = { ...fieldsOf(next), version: index + 2 };
  }
  return current;
}

const fieldsOf = (record: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(record).filter(([key]) => !FORBIDDEN.has(key)));

/** The first words of the first question, in one line; empty where there are none. */
export function titleOf(messages: readonly Pick<ChatMessage, 'role' | 'content'>[]): string {
  const text = beginning(messages.find(({ role }) => role === 'user')?.content ?? '');
  if (text.length <= TITLE_LENGTH) return text;
  const space = text.lastIndexOf(' ', TITLE_LENGTH - 1);
  // A long first word, or a language without spaces, is cut where it has come to.
  const words = space >= TITLE_LENGTH / 2 ? text.slice(0, space) : wholeCharacters(text, TITLE_LENGTH - 1);
  return `${words}…`;
}

/** At least as much of a text as a title may have, and one word more; words longer than that come in pieces. */
function beginning(text: string): string {
  let line = '';
  for (const [word] of text.matchAll(/\S{1,99}/g)) {
    line += line && ` ${word}`;
    line ||= word;
    if (line.length > TITLE_LENGTH) break;
  }
  return line;
}

function wholeCharacters(text: string, limit: number): string {
  let end = 0;
  for (const character of characters(text)) {
    if (end + character.length > limit) break;
    end += character.length;
  }
  return text.slice(0, end);
}

function characters(text: string): string[] {
  if (typeof Intl.Segmenter !== 'function') return [...text];
  return Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment);
}
