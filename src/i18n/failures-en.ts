/**
 * The words about failures, in English: what happened, and the way out. This table is the type of all others.
 * Loaded at the first failure.
 */
import type { ChatErrorKind } from '../errors';

/** `title` names the cause, `hint` the next step. */
interface ErrorWords {
  title: string;
  hint: string;
}

export const failures = {
  // What a visitor reads who can do nothing about it; the cause is folded below.
  onPhone: 'Its model runs on a computer. Open this page there.',

  tokens: 'It has {promptTokens} tokens, the model reads {contextLength}.',
  answersNow: 'The server answers now. Try again.',
  signIn: 'Sign in at {host}',
  fetchModel: 'Download {model}',
  serverSaid: 'The server said',
  /** Instead of “Ollama”, where it is another server. */
  modelServer: 'The model server',

  /** A title and a hint for each kind: forgetting one does not compile. */
  errors: {
    'bad-url': {
      title: 'The address of the server isn’t valid',
      hint: 'Set the attribute url, now "{url}", to an address such as http://localhost:11434.',
    },
    unreachable: {
      title: '{server} on {place} doesn’t answer',
      hint: 'It isn’t running, or it is at another address.',
    },
    offline: {
      title: 'You’re offline',
      hint: 'Your message is kept. Try again when the connection is back.',
    },
    'origin-refused': {
      title: '{server} is running, but doesn’t accept this page',
      hint: 'Let it accept pages from {origin}:',
    },
    'blocked-by-csp': {
      title: 'This page’s own policy blocks the server',
      hint: 'Allow it in the Content-Security-Policy of the page:',
    },
    'mixed-content': {
      title: 'This page can’t reach a server by plain http',
      hint: 'The page came by https, so the browser blocks http://{place}. Give the server an https address, by a gateway for example.',
    },
    'local-network': {
      title: '{server} on {place} can’t be reached',
      hint: 'Your browser asks whether this page may “Access other apps and services on this device”, or devices on your local network: allow it. If it didn’t ask, the server isn’t running.',
    },
    redirected: {
      title: 'The server sends this chat elsewhere',
      hint: 'Your session may have ended. Reload the page, and sign in where it asks.',
    },
    'no-answer': {
      title: 'The connection ended without an answer',
      hint: 'The server, or a proxy in front of it, gave up, or answered what this page may not read. Try again; its log says more.',
    },
    'bad-headers': {
      title: 'This page couldn’t give its key',
      hint: 'What it set as headers failed, or can’t be sent. Reload the page, and sign in where it asks.',
    },
    'host-refused': {
      title: 'The server refused without a word',
      hint: 'Ollama does so where a proxy in front of it passes on a name or a page’s origin that it doesn’t know. In nginx for example:',
    },
    proxy: {
      title: 'The model server doesn’t answer',
      hint: 'The proxy in front of it reports this (status {status}). Start the server, or look into the proxy’s log.',
    },
    'not-ollama': {
      title: 'Something else than Ollama answered',
      hint: 'Check the address {place}, or the proxy in front of it (status {status}).',
    },
    unauthorized: {
      title: 'The server refused this request',
      hint: 'It asks for a sign-in or a key (status {status}).',
    },
    'sign-in': {
      title: 'This model runs in Ollama’s cloud',
      hint: 'Sign in there, then try again:',
    },
    'cloud-unavailable': {
      title: 'Ollama’s cloud can’t be reached',
      hint: 'This model runs there. Choose one that is installed, or check the server’s connection.',
    },
    busy: {
      title: 'The server is busy',
      hint: 'Too many questions are waiting there. Try again in a moment.',
    },
    timeout: {
      title: 'Nothing came for {time}',
      hint: 'A large model can take longer to load: try again, or raise the attribute timeout.',
    },
    'no-model': {
      title: '{server} has no model to chat with',
      hint: 'Download one, then try again:',
    },
    'model-missing': {
      title: 'The model {model} isn’t installed',
      hint: 'Download it, then try again:',
    },
    'model-incompatible': {
      title: 'The model {model} doesn’t fit this version of Ollama',
      hint: 'Update Ollama, or download the model again:',
    },
    'capability-missing': {
      title: 'The model {model} can’t do this',
      hint: 'It lacks “{capability}”. Choose a model that has it.',
    },
    'out-of-memory': {
      title: 'Not enough memory for this model',
      hint: 'Close other programs on the server’s machine, or choose a smaller model.',
    },
    crashed: {
      title: 'The model stopped on the server',
      hint: 'Its process ended. Try again; if it ends again, choose a smaller model or look into Ollama’s log.',
    },
    'load-timeout': {
      title: 'The model took too long to load',
      hint: 'The server gave up. Try again, or choose a smaller model.',
    },
    'too-long': {
      title: 'This chat is too long for the model',
      hint: 'Shorten your message, or start a new chat.',
    },
    'bad-request': {
      title: 'The server doesn’t accept this request',
      hint: 'A setting of this chat has a value that it doesn’t know.',
    },
    'bad-tool-call': {
      title: 'The model wrote a tool call that can’t be read',
      hint: 'Try again, or choose another model.',
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
    'part-missing': {
      title: 'A part of this chat can’t be loaded',
      hint: 'The file parts/{part}.js has to lie beside the script.',
    },
    server: {
      title: 'The server reported a problem',
      hint: 'Its own words help to find the cause.',
    },
  } satisfies Record<ChatErrorKind, ErrorWords> as Record<ChatErrorKind, ErrorWords>,

  /** Where one kind has more than one cause. */
  variants: {
    refusedElsewhere: {
      title: 'The server at {place} doesn’t accept this page',
      hint: 'It, or a proxy in front of it, answers without allowing {origin}. A proxy’s own error page (502, 504) looks the same.',
    },
    refusedNull: {
      title: '{server} is running, but doesn’t accept this page',
      hint: 'The page has no address that could be allowed: it is a file, or stands in a sandboxed frame. Open it from a web server, such as one on http://localhost.',
    },
    notAModelServer: {
      title: 'No model server answered',
      hint: 'Check the address {place}, or the proxy in front of it (status {status}).',
    },
    modelUnknown: {
      title: 'The server has no model {model}',
      hint: 'Check how it is written in the attribute model, or leave it out to choose among those that there are.',
    },
    nothingListed: {
      title: 'The model server lists no model',
      hint: 'Load one there, or name one in the attribute model.',
    },
    headersRefused: {
      title: 'The server doesn’t accept this page’s headers',
      hint: 'It accepts the page, but not with {refused}. Ollama itself takes Authorization and no other key; a proxy in front of it can take more, nginx for example:',
    },
    localDenied: {
      title: 'The browser keeps this page from {place}',
      hint: 'It isn’t allowed to reach it. To undo that, open the site settings left of the address, allow “Apps on device” and “Local network”, and reload.',
    },
    localInsecure: {
      title: '{server} on {place} can’t be reached',
      hint: 'It isn’t running, or the browser blocks it: only pages by https may reach your computer. Open this page by https.',
    },
    localEmbedded: {
      title: '{server} on {place} can’t be reached',
      hint: 'It isn’t running, or the browser blocks it: this page stands in a frame of another site, which has to allow it:',
    },
    stalled: {
      title: 'The answer stalled',
      hint: 'Nothing came for {time}. What had come is kept.',
    },
    bodyTooLong: {
      title: 'This chat is too long for the server',
      hint: 'A proxy in front of it takes no request of this size. Start a new chat, or raise its limit (in nginx: client_max_body_size).',
    },
    busyFor: {
      title: 'The server is busy',
      hint: 'It asks to try again in {time}.',
    },
  } satisfies Record<string, ErrorWords>,

  /** How Ollama is told to accept a page, step by step. */
  system: 'Your system',
  once: 'Once',
  startOllama: 'Start it:',
  setOrigin: 'Tell it the address of this page. Already set? Add the address after a comma, without a space.',
  openSettings: 'Open its settings:',
  addLines: 'Add these two lines. Already there? Add the address after a comma, without a space.',
  restart: 'Restart it:',
  restartMac: 'Quit Ollama in the menu bar, and open it again.',
  restartWindows: 'Quit Ollama in the taskbar, and start it again.',
  runContainer: 'Remove its container, and start it again with the address:',
  runOnce: 'Quit Ollama, and start it in a terminal. This holds until you close it.',
  allowInServer: 'Allow the page in the server’s settings, or in a proxy in front of it, in nginx for example:',
  allowInProxy: 'Allow the page in Ollama’s settings, or in the proxy, in nginx for example:',
  why: 'Why this happens',
  whyOrigin:
    'Ollama answers pages on this computer, and others only if its setting OLLAMA_ORIGINS names their address. The browser keeps all other pages from reading its answers.',
};

export type FailureStrings = typeof failures;
