/**
 * Every word of the interface, in English. This table is the type of all others.
 * `{placeholders}` are filled in when a text is shown.
 */
import type { ChatErrorKind } from '../errors';

/** `title` names the cause, `hint` the next step. */
interface ErrorWords {
  title: string;
  hint: string;
}

export const en = {
  heading: 'Chat',
  placeholder: 'Message',
  greeting: 'Ask me anything',

  // Empty state: one honest sentence about whose machine answers.
  source: 'Answers come from {model} on {place} and can be wrong.',
  sourceNoModel: 'Answers come from a model on {place} and can be wrong.',
  private: 'Nothing leaves it.',
  thisComputer: 'this computer',

  log: 'Messages',
  you: 'You',
  answer: 'Answer',
  send: 'Send',
  stop: 'Stop',
  copy: 'Copy',
  copied: 'Copied',
  copyFailed: 'Copying isn’t allowed here',
  plainText: 'Too much to format: shown as plain text.',
  loadPicture: 'Load picture from {host}',
  pictureLoading: 'Loading …',
  pictureFailed: 'The picture from {host} can’t be loaded',
  alerts: { note: 'Note', tip: 'Tip', important: 'Important', warning: 'Warning', caution: 'Caution' },
  regenerate: 'Answer again',
  tryAgain: 'Try again',
  jump: 'Jump to latest',
  newChat: 'New chat',
  chatCleared: 'New chat started',
  undo: 'Undo',
  open: 'Open chat',
  openNew: 'Open chat, new answer',
  close: 'Close',

  thinking: 'Thinking …',
  thoughtFor: 'Thought for {time}',
  thought: 'Thoughts',
  waitingFor: 'Waiting for {model}',
  answering: 'Answering …',
  waiting: 'Waiting for {model} … {time}',
  stopped: 'Stopped',
  interrupted: 'The answer broke off here',
  unanswered: 'Not answered',
  seconds: '{n} s',
  minutes: '{m} min {n} s',

  modelReady: 'loaded',
  modelLoading: 'loading',
  modelFailed: 'failed',
  noModel: 'no model',

  notAvailable: { title: 'This chat isn’t available right now', hint: 'Please try again later.' } as ErrorWords,
  forOwner: 'For the owner of this site',
  policyMissing: 'Its Content-Security-Policy has to allow trusted-types ollama-chat ollama-chat-lit.',
  serverSaid: 'The server said',
  tokens: 'It has {promptTokens} tokens, the model reads {contextLength}.',
  startOllama: 'Start it:',
  allowPage: 'Running already? Then let it accept this page. Quit it first:',

  /** A title and a hint for each kind: forgetting one does not compile. */
  errors: {
    'bad-url': {
      title: 'The address of the server isn’t valid',
      hint: 'Set the attribute url, now "{url}", to an address such as http://localhost:11434.',
    },
    unreachable: {
      title: 'Ollama on {place} doesn’t answer',
      hint: 'It isn’t running, or it doesn’t accept this page.',
    },
    'no-model': {
      title: 'Ollama has no model to chat with',
      hint: 'Download one, then try again:',
    },
    'model-missing': {
      title: 'The model {model} isn’t installed',
      hint: 'Download it, then try again:',
    },
    'out-of-memory': {
      title: 'Not enough memory for this model',
      hint: 'Close other programs on the server’s machine, or choose a smaller model.',
    },
    busy: {
      title: 'The server is busy',
      hint: 'Too many questions are waiting there. Try again in a moment.',
    },
    'too-long': {
      title: 'This chat is too long for the model',
      hint: 'Shorten your message, or start a new chat.',
    },
    unauthorized: {
      title: 'The server refused this request',
      hint: 'It asks for a sign-in or a key (status {status}).',
    },
    'not-ollama': {
      title: 'Something else than Ollama answered',
      hint: 'Check the address {place}, or the proxy in front of it (status {status}).',
    },
    interrupted: {
      title: 'The answer was interrupted',
      hint: 'The connection ended early. What had come is kept.',
    },
    'bad-line': {
      title: 'The answer can’t be read',
      hint: 'What had come is kept.',
    },
    'too-large': {
      title: 'The answer is too long to show',
      hint: 'What had come is kept.',
    },
    'empty-reply': {
      title: 'The model answered nothing',
      hint: 'Try again, or ask in other words.',
    },
    server: {
      title: 'The server reported a problem',
      hint: 'Its own words help to find the cause.',
    },
  } satisfies Record<ChatErrorKind, ErrorWords> as Record<ChatErrorKind, ErrorWords>,
};

export type Strings = typeof en;
