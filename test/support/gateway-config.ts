/**
 * The gateway that we recommend, as its files stand in demo/gateway/, with a test's own addresses in the places of the examples.
 * Starts nothing.
 */
import { readFileSync } from 'node:fs';

const read = (name: string) => readFileSync(new URL(`../../demo/gateway/${name}`, import.meta.url), 'utf8');

export const RECOMMENDED = read('nginx.conf');
export const SEVERAL = read('several.conf');
export const LITELLM = read('litellm.yaml');

/** All addresses are a number and a port, such as `127.0.0.1:11434`. */
export interface GatewayAddresses {
  /** Door A, with an address of its own, and the origin of a page elsewhere that may ask there. */
  readonly a: string;
  readonly page: string;
  /** Door B: the site itself, what serves it, and what knows its visitors. */
  readonly b: string;
  readonly site: string;
  readonly sessions: string;
  /** The model servers: for more than one, several.conf stands in for the line of nginx.conf. */
  readonly servers: readonly string[];
  /** What the servers ask for, as `Authorization` writes it. */
  readonly key?: string | undefined;
  /** For a silent server. */
  readonly patience?: string | undefined;
}

/** What goes inside `http { }`. */
export function gatewayConfig({ a, page, b, site, sessions, servers, key, patience }: GatewayAddresses): string {
  // Each in door A, then in door B.
  const twice = (from: string, to: string): [string, string][] => [
    [from, to],
    [from, to],
  ];
  return changed(RECOMMENDED, [
    ['https://docs.example.com $http_origin;', `${page} $http_origin;`],
    ['https://www.example.com $http_origin;', `http://${b} $http_origin;`],
    ['upstream ollama { server 127.0.0.1:11434; }', upstream(servers)],
    ['upstream site { server 127.0.0.1:3000; }', `upstream site { server ${site}; }`],
    ['upstream sessions { server 127.0.0.1:3001; }', `upstream sessions { server ${sessions}; }`],
    ['listen 80;', `listen ${a};`],
    ['listen 80;', `listen ${b};`],
    ...(patience ? twice('proxy_read_timeout 10m;', `proxy_read_timeout ${patience};`) : []),
    ...(key ? twice('# proxy_set_header Authorization "Bearer sk-…";', `proxy_set_header Authorization "${key}";`) : []),
  ]);
}

function upstream(servers: readonly string[]): string {
  const [first = ''] = servers;
  if (servers.length < 2) return `upstream ollama { server ${first}; }`;
  const example = /^( *server )[\d.]+:11434(.*)$/gm;
  const lines = SEVERAL.match(example) ?? [];
  if (!lines.length) throw new Error('demo/gateway/several.conf has no server');
  const all = servers.map(server => lines[0]!.replace(example, `$1${server}$2`)).join('\n');
  return changed(SEVERAL, [[lines.join('\n'), all]]);
}

/**
 * litellm.yaml. Its keys stay what they are: it takes them from the environment, `SERVER_KEY` and `LITELLM_MASTER_KEY`.
 * @param servers A number and a port each, as many as it has.
 */
export function litellmConfig(servers: readonly string[]): string {
  const examples = LITELLM.match(/\b[\d.]+:\d+(?=\/v1$)/gm) ?? [];
  if (examples.length !== servers.length) throw new Error(`demo/gateway/litellm.yaml has ${examples.length} servers`);
  return changed(
    LITELLM,
    examples.map((example, index) => [example, servers[index] ?? '']),
  );
}

/** Each text, once, by another: one that is missing would mean that something else is tried than what we recommend. */
function changed(config: string, changes: [from: string, to: string][]): string {
  return changes.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`The files of demo/gateway/ have no: ${from}`);
    return text.replace(from, () => to);
  }, config);
}
