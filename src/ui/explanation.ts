/**
 * What went wrong, put into words that lead to the way out, as data: the template is in `failure.ts`.
 * Facts come in, the wording is chosen here.
 */
import type { ChatErrorDetail, ChatErrorKind } from '../errors';
import { duration, type FailureStrings, fill, type Strings } from '../i18n/strings';

/** Words, and a line to copy. */
export interface Step {
  text: string;
  command?: string;
}

/** The same way out, on one kind of computer. */
export interface System {
  name: string;
  steps: Step[];
}

export interface Explanation {
  /** The table that it was made from. */
  words: FailureStrings;
  title: string;
  /** Set where the visitor can do nothing: what they read, with the cause folded away for who looks after the site. */
  folded: { title: string; hint: string } | undefined;
  /** The next step, and what belongs to it. */
  steps: Step[];
  /** Where the way differs from system to system; the likely one first. */
  systems?: System[];
  link?: { text: string; href: string };
  /** The reason behind it, for who wants to know. */
  why?: string;
  /** The server's own words. */
  quote?: string;
}

export interface Situation {
  strings: Strings & FailureStrings;
  detail: ChatErrorDetail;
  /** The server as the header names it. */
  place: string;
  /** Whether the server is on the computer that the page is seen on. */
  onThisComputer: boolean;
  /** Whether the server speaks Ollama's own API: to others its commands are of no use. */
  isOllama: boolean;
  /** The page's origin, `null` (as text) where it has none. */
  origin: string;
  userAgent: string;
}

/** How much of the server's own words is shown, in characters. */
const QUOTE_LENGTH = 400;

/** HTML, JSON, events of a stream in the place of a line: what nobody reads. The title says that it came. */
const NO_WORDS = /^\s*(?:[<{[]|data:)/;

/** Kinds that only the owner of the server can mend. */
const OWNERS_BUSINESS = new Set<ChatErrorKind>([
  ...(['bad-url', 'unreachable', 'origin-refused', 'blocked-by-csp', 'mixed-content', 'local-network', 'host-refused'] as const),
  ...(['bad-headers', 'proxy', 'not-ollama', 'unauthorized', 'sign-in', 'cloud-unavailable', 'bad-request', 'part-missing'] as const),
  ...(['no-model', 'model-missing', 'model-incompatible', 'capability-missing'] as const),
]);

type Words = FailureStrings['errors'][keyof FailureStrings['errors']];

export function explain(situation: Situation): Explanation {
  const { strings, detail } = situation;
  const words = wordsFor(situation) ?? strings.errors.server;
  const facts = { ...detail, ...factsFor(situation) };
  const isRead = 'text' in detail && !(detail.kind === 'bad-line' && NO_WORDS.test(detail.text));
  const text = isRead ? detail.text.trim() : '';
  const [first, ...others] = stepsFor(situation);
  const hint = fill(words.hint, facts);
  return {
    words: strings,
    title: fill(words.title, facts),
    folded: foldedFor(situation),
    // A step without words belongs to the hint.
    steps: first && !first.text ? [{ ...first, text: hint }, ...others] : [{ text: hint }, ...(first ? [first] : []), ...others],
    ...waysOf(situation),
    ...(detail.kind === 'sign-in' && { link: { text: fill(strings.signIn, facts), href: detail.url } }),
    ...(text && { quote: text.length > QUOTE_LENGTH ? `${text.slice(0, QUOTE_LENGTH)} …` : text }),
  };
}

/** A visitor of a public page, or on a phone, has no use for commands. */
function foldedFor({ strings, detail, onThisComputer, userAgent }: Situation): Explanation['folded'] {
  if (!OWNERS_BUSINESS.has(detail.kind) || (onThisComputer && !/Mobi/.test(userAgent))) return undefined;
  return { title: strings.notAvailable.title, hint: onThisComputer ? strings.onPhone : strings.notAvailable.hint };
}

/** Most kinds have one wording; some have a cause behind the cause. */
function wordsFor({ strings: { errors, variants }, detail, onThisComputer, isOllama }: Situation): Words {
  switch (detail.kind) {
    case 'origin-refused':
      if (detail.origin === 'null') return variants.refusedNull;
      return onThisComputer && isOllama ? errors[detail.kind] : variants.refusedElsewhere;
    case 'model-missing':
      return isOllama ? errors[detail.kind] : variants.modelUnknown;
    case 'no-model':
      return isOllama ? errors[detail.kind] : variants.nothingListed;
    case 'not-ollama':
      return isOllama ? errors[detail.kind] : variants.notAModelServer;
    case 'bad-headers':
      return detail.refused ? variants.headersRefused : errors[detail.kind];
    case 'local-network':
      if (!detail.secure) return variants.localInsecure;
      if (detail.permission === 'prompt') return errors[detail.kind];
      return detail.embedded ? variants.localEmbedded : variants.localDenied;
    case 'too-long':
      return detail.text ? errors[detail.kind] : variants.bodyTooLong;
    case 'timeout':
      return detail.phase === 'answering' ? variants.stalled : errors[detail.kind];
    case 'busy':
      return detail.retryAfter === undefined ? errors[detail.kind] : variants.busyFor;
    default:
      return errors[detail.kind];
  }
}

function factsFor({ strings, detail, place, origin, isOllama }: Situation) {
  const seconds = detail.kind === 'timeout' ? detail.seconds : detail.kind === 'busy' ? detail.retryAfter : undefined;
  const server = isOllama ? 'Ollama' : strings.modelServer;
  const host = detail.kind === 'sign-in' ? new URL(detail.url).host : '';
  const refused = detail.kind === 'bad-headers' ? detail.refused?.join(', ') : undefined;
  // The header may not know the server, or calls it this computer; an address is what is to be checked.
  const isChecked = !place || detail.kind === 'not-ollama';
  const address = isChecked && 'url' in detail && URL.canParse(detail.url) ? new URL(detail.url).host : place;
  return { place: address, origin, server, host, refused, ...(seconds !== undefined && { time: duration(strings, seconds * 1000) }) };
}

function stepsFor({ strings, detail, origin, onThisComputer, isOllama }: Situation): Step[] {
  const pull = (model: string) => (isOllama ? [{ text: '', command: `ollama pull ${model}` }] : []);
  const serve = onThisComputer && isOllama ? [{ text: strings.startOllama, command: 'ollama serve' }] : [];
  switch (detail.kind) {
    case 'unreachable':
      return serve;
    case 'origin-refused':
      if ((onThisComputer && isOllama) || origin === 'null') return [];
      if (isOllama) return [{ text: strings.allowInProxy, command: `add_header Access-Control-Allow-Origin ${origin} always;` }];
      return [
        {
          text: strings.allowInServer,
          command: `add_header Access-Control-Allow-Origin ${origin} always;\nadd_header Access-Control-Allow-Headers "Content-Type, Authorization" always;`,
        },
      ];
    case 'bad-headers':
      if (!detail.refused) return [];
      return [{ text: '', command: `add_header Access-Control-Allow-Headers "Content-Type, ${detail.refused.join(', ')}" always;` }];
    case 'blocked-by-csp':
      return [{ text: '', command: `connect-src ${new URL(detail.url).origin}` }];
    case 'local-network':
      if (detail.embedded && detail.secure && detail.permission === 'denied') {
        return [{ text: '', command: '<iframe allow="loopback-network; local-network; local-network-access">' }];
      }
      return detail.permission === 'prompt' ? serve : [];
    case 'host-refused':
      return [{ text: '', command: 'proxy_set_header Host localhost:11434;\nproxy_set_header Origin "";' }];
    case 'no-model':
      return pull('llama3.2');
    case 'model-missing':
    case 'model-incompatible':
      // A name can come from the server's text: only what is a name goes into a line that somebody will run.
      return /^\w[\w./:@-]*$/.test(detail.model) ? pull(detail.model) : [];
    case 'too-long':
      return detail.promptTokens && detail.contextLength ? [{ text: fill(strings.tokens, { ...detail }) }] : [];
    default:
      return [];
  }
}

/** A refused page is allowed in the settings of Ollama: where these are depends on the system (https://docs.ollama.com/faq). */
function waysOf({ strings, detail, origin, onThisComputer, isOllama, userAgent }: Situation): Pick<Explanation, 'systems' | 'why'> {
  if (detail.kind !== 'origin-refused' || origin === 'null' || !onThisComputer || !isOllama) return {};
  const set = `OLLAMA_ORIGINS=${origin}`;
  const mac = [{ text: strings.setOrigin, command: `launchctl setenv OLLAMA_ORIGINS "${origin}"` }, { text: strings.restartMac }];
  const linux = [
    { text: strings.openSettings, command: 'sudo systemctl edit ollama' },
    { text: strings.addLines, command: `[Service]\nEnvironment="${set}"` },
    { text: strings.restart, command: 'sudo systemctl restart ollama' },
  ];
  const windows = [{ text: strings.setOrigin, command: `setx OLLAMA_ORIGINS "${origin}"` }, { text: strings.restartWindows }];
  const docker = [
    {
      text: strings.runContainer,
      command: `docker run -d -e ${set} -v ollama:/root/.ollama -p 11434:11434 --name ollama ollama/ollama`,
    },
  ];
  const isWindows = /Windows/.test(userAgent);
  const once = [{ text: strings.runOnce, command: isWindows ? `$env:OLLAMA_ORIGINS="${origin}"; ollama serve` : `${set} ollama serve` }];
  const own = isWindows ? 'Windows' : /Mac/.test(userAgent) ? 'macOS' : 'Linux';
  const systems = [
    { name: 'macOS', steps: mac },
    { name: 'Linux', steps: linux },
    { name: 'Windows', steps: windows },
    { name: 'Docker', steps: docker },
    { name: strings.once, steps: once },
  ];
  return { systems: systems.toSorted((a, b) => Number(b.name === own) - Number(a.name === own)), why: strings.whyOrigin };
}
