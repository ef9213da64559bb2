/**
 * Every word of the interface, in English, but those that come with a part. This table is the type of all others.
 * `{placeholders}` are filled in when a text is shown.
 */
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
  continue: 'Continue',
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
  /** Where no model is named. */
  waiting: 'Waiting for the answer',
  answering: 'Answering …',
  timed: '{what} … {time}',
  stopped: 'Stopped',
  interrupted: 'The answer broke off here',
  unanswered: 'Not answered',
  seconds: '{n} s',
  minutes: '{m} min {n} s',

  modelReady: 'loaded',
  modelLoading: 'loading',
  modelFailed: 'failed',

  // What is known while nothing comes.
  loading: 'Loading {model}',
  reading: 'Reading the prompt',
  retrying: 'The server is busy. Trying again ({attempt} of {of})',
  mayAsk: 'Your browser may ask whether this page may access apps on your device or your local network. Allow it: the model runs there.',

  // Said where a page's policy refuses the chat, or the file that explains failures is not there.
  notAvailable: { title: 'This chat isn’t available right now', hint: 'Please try again later.' },
  offline: 'You’re offline',
  forOwner: 'For the owner of this site',
  policyMissing: 'Its Content-Security-Policy has to allow trusted-types ollama-chat ollama-chat-lit.',
};

export type Strings = typeof en;
