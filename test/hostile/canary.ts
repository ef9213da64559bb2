/** A server that nobody should ask: it answers everything with a picture, and records who came. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Canary {
  /** Without a slash at its end. */
  readonly url: string;
  /** Paths that were asked for, and connections without a request, as a preconnect makes them. */
  readonly visits: readonly string[];
  close(): Promise<void>;
}

const PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>';

export async function startCanary(): Promise<Canary> {
  const visits: string[] = [];
  const server = createServer((request, response) => {
    visits.push(`${request.method} ${request.url}`);
    response.writeHead(200, { 'Content-Type': 'image/svg+xml', 'Access-Control-Allow-Origin': '*' });
    response.end(PICTURE);
  });
  server.on('connection', () => visits.push('a connection'));
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    visits,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
