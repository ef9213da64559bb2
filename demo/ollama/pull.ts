/**
 * Answers `POST /api/pull`: a model that comes part by part, for all who wait for it at once, and as long as somebody does.
 * Fetches nothing: its layers are numbers.
 */
import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { findModel, sizeOf, type Model } from './models.ts';
import { goJson, pause, sendError, sendJson } from './wire.ts';

export interface PullPace {
  /** In how many parts the weights come. All other layers are there at once. */
  readonly parts: number;
  /** What has to happen before a step is done. What it throws ends the download, in these words. */
  readonly next: (step: PullStep) => Promise<void>;
}

export interface PullStep {
  readonly model: Model;
  /** Whether all is there and is being verified; else a part of the weights is on its way. */
  readonly verifying: boolean;
  /** Aborted when nobody waits any more. */
  readonly signal: AbortSignal;
}

/** Twelve seconds, a line every 60 ms as Ollama writes them. */
const DEFAULT_PACE: PullPace = { parts: 200, next: ({ verifying, signal }) => pause(verifying ? 800 : 60, signal) };

/** Bytes of licence, template, parameters and configuration, which follow the weights. */
const SMALL_LAYERS = [7711, 1429, 96, 561];

interface Layer {
  readonly digest: string;
  readonly total: number;
  completed: number;
}

type Tell = (line: object) => void;

/** What is installed, and what can be. */
export class Library {
  readonly #pulled: Model[] = [];
  readonly #downloads = new Map<Model, Download>();
  readonly #pace: PullPace;

  /** Both lists are read anew at each request. */
  constructor(
    readonly given: readonly Model[],
    readonly offered: readonly Model[],
    pace?: Partial<PullPace>,
  ) {
    this.#pace = { ...DEFAULT_PACE, ...pace };
  }

  /** Newest first. */
  installed(): readonly Model[] {
    return [...this.#pulled, ...this.given];
  }

  /** Tells each line up to `success`. Throws where Ollama sends an error instead; comes back at some time after an abort. */
  async pull(name: string, tell: Tell, signal: AbortSignal): Promise<void> {
    tell({ status: 'pulling manifest' });
    const model = findModel(this.installed(), name) ?? findModel(this.offered, name);
    if (!model) throw new Error('pull model manifest: file does not exist');
    const download = this.#downloads.get(model) ?? this.#download(model);
    await download.follow(tell, signal);
  }

  #download(model: Model): Download {
    const isThere = () => this.installed().includes(model);
    const install = () => void (isThere() || this.#pulled.unshift(model));
    const download = new Download(model, isThere(), install, this.#pace);
    this.#downloads.set(model, download);
    return download;
  }
}

/** One model on its way, or already there. What has come stays, whoever leaves. */
class Download {
  readonly #layers: readonly Layer[];
  readonly #clients = new Set<Tell>();
  #run: { readonly stop: AbortController; readonly ended: Promise<void> } | undefined;

  constructor(
    readonly model: Model,
    complete: boolean,
    readonly onComplete: () => void,
    readonly pace: PullPace,
  ) {
    const sizes = [sizeOf(model) - SMALL_LAYERS.reduce((sum, size) => sum + size), ...SMALL_LAYERS];
    this.#layers = sizes.map((total, index) => ({
      digest: createHash('sha256').update(`${model.name} ${index}`).digest('hex'),
      total,
      completed: complete ? total : 0,
    }));
  }

  /** Begins or goes on; whoever comes while others wait shares what they wait for, and hears first how far it is. */
  async follow(tell: Tell, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    if (this.#run) for (const layer of this.#layers) if (layer.completed) tell(lineOf(layer));
    this.#clients.add(tell);
    const run = (this.#run ??= this.#start());
    const leave = () => {
      this.#clients.delete(tell);
      if (this.#clients.size || this.#run !== run) return;
      this.#run = undefined;
      run.stop.abort();
    };
    signal.addEventListener('abort', leave);
    await run.ended.finally(leave);
  }

  #start() {
    const stop = new AbortController();
    const ended = this.#advance(stop.signal).finally(() => {
      if (this.#run?.stop === stop) this.#run = undefined;
    });
    return { stop, ended };
  }

  async #advance(signal: AbortSignal): Promise<void> {
    const { model, pace } = this;
    for (const layer of this.#layers) {
      this.#tell(lineOf(layer));
      const weights = layer === this.#layers[0];
      while (layer.completed < layer.total) {
        if (weights) await pace.next({ model, verifying: false, signal });
        if (signal.aborted) return;
        layer.completed = weights ? Math.min(layer.total, layer.completed + Math.ceil(layer.total / pace.parts)) : layer.total;
        this.#tell(lineOf(layer));
      }
    }
    this.#tell({ status: 'verifying sha256 digest' });
    await pace.next({ model, verifying: true, signal });
    if (signal.aborted) return;
    this.#tell({ status: 'writing manifest' });
    this.onComplete();
    this.#tell({ status: 'success' });
  }

  #tell(line: object): void {
    for (const tell of this.#clients) tell(line);
  }
}

const lineOf = ({ digest, total, completed }: Layer): object => ({
  status: `pulling ${digest.slice(0, 12)}`,
  digest: `sha256:${digest}`,
  total,
  ...(completed && { completed }),
});

/** Line by line. An error is one more line: the status went out with the first. */
export async function streamPull(response: ServerResponse, library: Library, name: string, signal: AbortSignal): Promise<void> {
  response.writeHead(200, { 'Content-Type': 'application/x-ndjson' });
  const tell = (line: object) => {
    if (!response.destroyed) response.write(`${goJson(line)}\n`);
  };
  try {
    await library.pull(name, tell, signal);
  } catch (error) {
    tell({ error: (error as Error).message });
  }
  response.end();
}

/** The last line alone, or the error as an answer of its own. */
export async function sendPull(response: ServerResponse, library: Library, name: string, signal: AbortSignal): Promise<void> {
  let last: object = {};
  try {
    await library.pull(name, line => void (last = line), signal);
  } catch (error) {
    return sendError(response, 500, (error as Error).message);
  }
  if (!signal.aborted) sendJson(response, 200, last);
}
