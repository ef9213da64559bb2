/**
 * Where a page can come from, as a browser sees it: this computer or the internet, by http or https, under a number or a name.
 * Every one of these servers is on 127.0.0.1. The browser is told where to take them to be; the rest it does by itself.
 */
import { type AddressInfo, createServer } from 'node:net';
import { selfSigned } from './certificate.ts';
import { type Page, servePages, type StaticServer } from './static-server.ts';

export interface Place {
  space: 'local' | 'public';
  scheme: 'http' | 'https';
  /** 127.0.0.1, or a name below example.com or example.org. */
  host: string;
}

/** The number of another computer in the visitor's network. */
export const NEIGHBOUR = '192.168.1.10';

export interface Places {
  /** For the browser. The servers have to listen before it starts. */
  readonly flags: readonly string[];
  /** Puts pages, by their path, where every place has them, instead of those that were there. */
  show(pages: Readonly<Record<string, Page>>): void;
  site(place: Place): StaticServer;
  /** Free for a server that the browser takes to be the {@link NEIGHBOUR}'s. */
  readonly neighbourPort: number;
  close(): Promise<void>;
}

export async function startPlaces(): Promise<Places> {
  const shown: Record<string, Page> = {};
  const tls = selfSigned();
  const kinds = (['local', 'public'] as const).flatMap(space => (['http', 'https'] as const).map(scheme => ({ space, scheme })));
  const servers = await Promise.all(
    kinds.map(async kind => ({ ...kind, site: await servePages(shown, kind.scheme === 'https' ? { tls } : {}) })),
  );
  const neighbourPort = await freePort();
  const spaces = servers.filter(({ space }) => space === 'public').map(({ site }) => `${new URL(site.url).host}=public`);
  return {
    flags: [
      `--ip-address-space-overrides=${spaces.join(',')},127.0.0.1:${neighbourPort}=local`,
      `--host-resolver-rules=${['*.example.com', '*.example.org', NEIGHBOUR].map(host => `MAP ${host} 127.0.0.1`).join(',')}`,
    ],
    neighbourPort,
    show(pages) {
      for (const path of Object.keys(shown)) delete shown[path];
      Object.assign(shown, pages);
    },
    site({ space, scheme, host }) {
      const { site } = servers.find(server => server.space === space && server.scheme === scheme)!;
      return { ...site, url: site.url.replace('127.0.0.1', host) };
    },
    close: async () => void (await Promise.all(servers.map(({ site }) => site.close()))),
  };
}

function freePort(): Promise<number> {
  return new Promise(resolve => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
