/**
 * What the demo says: which of the texts answers which question, and that no model is behind it.
 * Knows nothing of HTTP; the words themselves are the Markdown files in `texts/`.
 */
import { readFileSync } from 'node:fs';
import type { Piece } from './chat.ts';
import type { Chat } from './chat-request.ts';
import type { Model } from './models.ts';
import { callsFor, ofResults, plain } from './tool-replies.ts';

/** Newest first, and the newest cannot chat: whoever chooses a model has to step over it. */
export const DEMO_MODELS: readonly Model[] = [
  { name: 'scripted-embed:latest', capabilities: ['embedding'], parameterSize: '137M', size: 274_302_450, contextLength: 2048 },
  { name: 'scripted:latest', capabilities: ['completion', 'tools', 'thinking'], parameterSize: '3.2B', contextLength: 131_072 },
  {
    name: 'scripted-vision:latest',
    capabilities: ['completion', 'vision', 'tools'],
    parameterSize: '4.3B',
    size: 3_338_801_804,
    contextLength: 131_072,
  },
  { name: 'scripted-mini:latest', capabilities: ['completion'], parameterSize: '1B', size: 815_319_791, contextLength: 32_768 },
];

/** What can be pulled: the model that the chat suggests where none is installed. */
export const DEMO_LIBRARY: readonly Model[] = [
  { name: 'llama3.2:latest', capabilities: ['completion', 'tools'], parameterSize: '3.2B', size: 2_019_393_189, contextLength: 131_072 },
];

type TextName =
  | 'welcome'
  | 'unknown'
  | 'code'
  | 'table'
  | 'list'
  | 'formula'
  | 'think'
  | 'think-thoughts'
  | 'long'
  | 'error'
  | 'forever'
  | 'vietnamese'
  | 'vietnamese-again'
  | 'vietnamese-thoughts';

/** A text of the demo. Read anew each time, so that a changed file shows at once. */
export function text(name: TextName): string {
  return readFileSync(new URL(`./texts/${name}.md`, import.meta.url), 'utf8').trimEnd();
}

/** Cut as a model's tokens are: a short word, a part of a long one, some punctuation, each with the space before it. */
export function tokens(words: string): string[] {
  return words.match(/ ?[\p{L}\p{M}]{1,9}| ?\p{N}{1,3}|\s+(?=\s)|\s| ?[^\s\p{L}\p{M}\p{N}]{1,3}/gu) ?? [];
}

/** The script for a question. */
export function demoReply(chat: Chat): Iterable<Piece> {
  const results = ofResults(chat.messages);
  if (results !== undefined) return tokens(results);
  const shown = chat.messages.findLast(message => message.role === 'user')?.images;
  if (shown?.length) return tokens(ofPictures(shown));
  const questions = chat.messages.filter(message => message.role === 'user').map(message => message.content ?? '');
  const question = questions.at(-1)?.normalize().toLowerCase() ?? '';
  const calls = callsFor(chat, questions.at(-1) ?? '');
  const pieces = calls.length
    ? calling(calls, questions)
    : isVietnamese(question)
      ? vietnamese(question, questions)
      : english(question, questions);
  const last = chat.messages.at(-1);
  return last?.role === 'assistant' && last.content ? goOn(pieces, last.content) : pieces;
}

/** All that a script can tell of pictures. */
function ofPictures(images: readonly string[]): string {
  const sizes = images.map(image => `${Math.max(1, Math.round((image.length * 3) / 4000))} kB`);
  return `You showed me ${images.length === 1 ? 'one picture' : `${images.length} pictures`}, of ${sizes.join(', ')}.`;
}

/** An answer that was cut off goes on where it ended. */
function* goOn(pieces: Iterable<Piece>, begun: string): Iterable<Piece> {
  let rest = begun.length;
  for (const piece of pieces) {
    if (typeof piece === 'string') {
      if (piece.length > rest) yield piece.slice(rest);
      rest = Math.max(0, rest - piece.length);
    } else if (!rest) yield piece;
  }
}

const RECALL = /\b(?:remember|before|first|earlier|asked)\b/;

/** The first that fits. */
const ANSWERS: readonly (readonly [words: RegExp, answer: () => Iterable<Piece>])[] = [
  [/\b(?:forever|endless\w*|stop)\b/, forever],
  [/\b(?:error|fail\w*|break)\b/, failing],
  [/\b(?:think\w*|thought\w*|reason\w*|puzzle|riddle)\b/, () => thinking('think-thoughts', 'think')],
  [/\b(?:code|function|script|snippet|program|javascript|typescript|python)\b/, () => tokens(text('code'))],
  [/\b(?:table|compare|columns?)\b/, () => tokens(text('table'))],
  [/\b(?:lists?|steps?|how do i)\b/, () => tokens(text('list'))],
  [/\b(?:formulas?|maths?|equation|deviation)\b/, () => tokens(text('formula'))],
  [/\b(?:long|longer|essay|story|article)\b/, () => tokens(text('long'))],
];

const NOTICE =
  '*No model is behind this demo: the answers are scripted. Start [Ollama](https://ollama.com) and reload to talk to a real one.*';

function* english(question: string, questions: readonly string[]): Iterable<Piece> {
  const first = questions.length <= 1;
  const answer = ANSWERS.find(([words]) => words.test(question))?.[1];
  if (!answer && !first && RECALL.test(question)) return yield* tokens(recallAll(questions));
  if (!answer) yield* tokens(text(first ? 'welcome' : 'unknown'));
  else yield* first ? withNotice(answer()) : answer();
  if (!first) yield* tokens(`\n\n*This was question ${questions.length}. The first one was “${quote(questions[0])}”.*`);
}

/** Says so before the visitor is asked: what they then allow is a script's wish. */
function* calling(tool_calls: readonly object[], questions: readonly string[]): Iterable<Piece> {
  if (questions.length <= 1) yield* tokens(NOTICE);
  yield { tool_calls };
}

/** Thoughts come before any word of an answer, so also before this one. */
function* withNotice(pieces: Iterable<Piece>): Iterable<Piece> {
  let told = false;
  for (const piece of pieces) {
    if (!told && typeof piece === 'string') {
      told = true;
      yield* tokens(`${NOTICE}\n\n`);
    }
    yield piece;
  }
}

function recallAll(questions: readonly string[]): string {
  const earlier = questions.slice(0, -1);
  const count = earlier.length === 1 ? 'one question' : `${earlier.length} questions`;
  return `You have asked ${count} before this:\n\n${numbered(earlier)}\n\nI know because the whole conversation is sent with each question. Nothing is kept on the server.`;
}

function* vietnamese(question: string, questions: readonly string[]): Iterable<Piece> {
  if (question.includes('nghĩ')) yield* tokens(text('vietnamese-thoughts')).map(thinking => ({ thinking }));
  yield* tokens(text(questions.length > 1 ? 'vietnamese-again' : 'vietnamese'));
  if (questions.length > 1) yield* tokens(`\n\n*Đây là câu hỏi thứ ${questions.length}. Câu đầu tiên là “${quote(questions[0])}”.* 🧠`);
}

function* thinking(thoughts: TextName, answer: TextName): Iterable<Piece> {
  yield* tokens(text(thoughts)).map(token => ({ thinking: token }));
  yield { wait: 300 };
  yield* tokens(text(answer));
}

function* failing(): Iterable<Piece> {
  yield* tokens(text('error'));
  yield { wait: 400 };
  yield { error: 'an error was encountered while running the model: unexpected EOF' };
}

function* forever(): Iterable<Piece> {
  const paragraph = text('forever').replaceAll('\n', ' ');
  for (;;) {
    for (const token of tokens(`${paragraph}\n\n`)) {
      yield { wait: 60 };
      yield token;
    }
  }
}

const numbered = (questions: readonly string[]) => questions.map((question, index) => `${index + 1}. ${quote(question)}`).join('\n');

/** A question on one line, short, and without meaning as Markdown. */
function quote(question = ''): string {
  const line = question.replace(/\s+/g, ' ').trim();
  const short = line.length > 100 ? `${Array.from(line).slice(0, 99).join('')}…` : line;
  return plain(short);
}

/** Letters that hardly any other language has, or the greeting that does without them. */
function isVietnamese(question: string): boolean {
  return /[đơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]|chào/.test(question);
}
