/**
 * The words about choosing a model, downloading one, what it is shown, and what can be done with a message, in English.
 * This table is the type of all others. Loaded with the first touch.
 */
export const extras = {
  // The picker. Capabilities are Ollama's own words.
  chooseModel: 'Choose a model',
  modelNow: 'Model: {model}',
  searchModels: 'Search models',
  noModelFound: 'No model is called “{query}”.',
  loaded: 'loaded',
  cloud: 'cloud',
  notInstalled: 'not installed',
  newModel: '{model} answers from now on',
  installed: '{model} is ready',

  // Thinking.
  think: 'Thinking',
  thinkLevel: 'How much it thinks',
  thinkLevels: { low: 'Think a little', medium: 'Think', high: 'Think a lot' },

  // A download.
  missing: { title: '{model} is not on this server yet', hint: 'It has to be downloaded once; that can take minutes.' },
  download: 'Download {model}',
  downloading: 'Downloading {model}',
  /** Before it is known how much it is. */
  preparing: 'Preparing',
  verifying: 'Checking what has come',
  progress: '{completed} of {total}',
  left: '{time} left',
  cancel: 'Cancel',
  cancelled: { title: 'Download of {model} stopped', hint: 'What has come is kept: it goes on from there.' },
  resume: 'Go on',
  serverSaid: 'The server said',
  pullFailed: 'Download of {model} failed',
  pullErrors: {
    unknown: 'Ollama’s library has no model of this name: check how it is written.',
    broken: 'The connection broke off. What has come is kept: it goes on from there.',
    other: 'The server could not download it.',
  },

  // What is sent with a message.
  attach: 'Attach pictures or text files',
  attachFile: 'Attach text files',
  attachments: 'Attached',
  removeOne: 'Remove {name}',
  altText: 'Describe {name}',
  altHint: 'What is in the picture',
  pictureOf: 'Picture {number}',
  dropHere: 'Drop to attach',
  readingFile: 'Reading {name}',
  cannotSee: '{model} can’t see pictures. Choose a model with vision.',
  afterAnswer: 'Pictures can be sent once the answer has ended.',
  refused: {
    empty: '“{name}” is empty.',
    'too-large': '“{name}” is too large: at most {limit}.',
    'too-many-pixels': '“{name}” is too large: at most {limit} million pixels.',
    'not-a-picture': '“{name}” is no picture that can be shown to a model: use PNG, JPEG, WebP or GIF.',
    'not-a-text': '“{name}” is no text that can be read. If it is one, save it as UTF\u20118.',
    unreadable: '“{name}” can’t be read.',
    'too-many': 'At most {limit} pictures and {limit} files can be attached.',
  },
  refusedMore: 'And {count} more can’t be attached.',

  // What can be done with a message.
  details: 'Details',
  tokens: '{count} tokens',
  tokensPerSecond: '{rate} tokens/s',
  promptTokens: '{count} tokens read',
  loadTime: 'loaded in {time}',
  totalTime: '{time} in all',
  edit: 'Edit',
  editLabel: 'Edit the message',
  delete: 'Delete',
  deletedMessage: 'Message deleted',
  versions: 'Versions of this answer',
  previous: 'Previous version',
  next: 'Next version',
  version: '{index} of {count}',
};

export type ExtrasStrings = typeof extras;
