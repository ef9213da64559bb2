/**
 * The words about conversations that are kept, and about messages that wait, in English. This table is the type of all others.
 * Loaded with the first of what they are about.
 */
export const history = {
  // The list.
  conversations: 'Conversations',
  search: 'Search conversations',
  /** Said to assistive technology while something is searched for. */
  found: '{number} found',
  untitled: 'Untitled',
  rename: 'Rename',
  renameOne: 'Rename “{title}”',
  newTitle: 'New title of “{title}”',
  export: 'Export',
  exportOne: 'Export “{title}”',
  asMarkdown: 'To read (Markdown)',
  asJson: 'To import again (JSON)',
  delete: 'Delete',
  deleteOne: 'Delete “{title}”',
  deleted: 'Deleted',
  deletedMany: '{number} deleted',
  import: 'Import …',
  deleteAll: 'Delete all',
  keptHere: 'Kept only in this browser, where anyone who uses it can read them.',
  nothingKept: { title: 'No conversations yet', hint: 'They appear here once you have asked something.' },
  nothingFound: { title: 'Nothing found', hint: 'No conversation contains “{query}”.' },
  dismiss: 'OK',
  /** In an exported text. */
  picture: 'Picture',
  tool: 'Tool',

  // Messages that wait for the end of an answer.
  queueLabel: 'Next messages',
  queued: 'Waits for the end of the answer',
  queueHeld: 'Held until you send it',
  sendNow: 'Send now',
  takeBack: 'Edit',
  remove: 'Remove',

  /** Why what is said now, or a part of what was said, is not kept. */
  notKept: {
    blocked: 'The browser lets this page store nothing: this chat is forgotten when you leave the page.',
    full: 'The browser’s storage is full: this chat goes on, but isn’t kept until you delete old conversations.',
    newer: 'This conversation was kept by a newer version of this chat: that is left as it is, and what you write now isn’t kept.',
    damaged: 'A part of this conversation can’t be read and was left out.',
  },

  /** Why a file is not taken in, and what to do. */
  importErrors: {
    'not-json': 'This file can’t be read: choose one that was exported as JSON.',
    'not-a-conversation': 'This file holds no conversation: choose one that was exported as JSON.',
    newer: 'This file is from a newer version of this chat: import it once this one has been updated.',
    'bad-message': 'Message {number} of this file can’t be read: export the conversation again.',
    'too-large': 'This file is too large: choose a smaller one.',
  },
};

export type HistoryStrings = typeof history;
