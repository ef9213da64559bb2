/** The words about tools, in English. This table is the type of all others. Loaded with the first tool. */
export const tools = {
  letUse: 'Let the model use {tool}?',
  /** Read out when that question appears. */
  wantsToUse: 'The model wants to use {tool}. The question is in the chat.',
  /** Whose tool it is. */
  from: 'from {host}',
  refuse: 'Refuse',
  allowOnce: 'Allow once',
  dontAskAgain: 'Don’t ask again in this chat',
  given: 'What the model gave',
  nothingGiven: 'Nothing is passed along',
  result: 'Result',
  /** How a step is, behind its name. */
  toolStates: {
    waiting: 'waiting',
    asking: 'asks',
    running: 'running',
    done: 'done',
    refused: 'refused',
    failed: 'failed',
    stopped: 'stopped',
  },
  noTools: '{model} can’t use tools. It answers without them.',
  serverAway: 'The tools of {host} can’t be used now.',
  /** It kept calling until it had to stop. */
  unanswered: 'The model gave no answer after this.',
  dismiss: 'Close this notice',
};

export type ToolStrings = typeof tools;
