/**
 * How far a download has come, added up from the lines that a pull sends layer by layer.
 * Asks no server, looks at no clock, words nothing.
 */
import type { PullProgress } from '../protocol/client';

export type PullStage = 'manifest' | 'downloading' | 'verifying' | 'done';

interface Layer {
  total: number;
  completed: number;
  /** Whether the present pull has spoken of it: what it finds is no speed. */
  met: boolean;
}

/** A model's weights have tens of megabytes at least; licence, template and parameters have kilobytes. In bytes. */
const REAL_SIZE = 10_000_000;

/** As full as the bar gets while a further layer may still be announced. */
const NEARLY = 0.99;

/** How far back speed is measured, how often, and over how much it has to be to mean something. In milliseconds. */
const WINDOW = 5000;
const STEP = 250;
const MEANINGFUL = 1000;

/** Of one download, through all its interruptions. One that begins from nothing again wants a new meter. */
export class PullMeter {
  stage: PullStage = 'manifest';
  /**
   * The part of the bar that is filled, from 0 to 1. It never goes back, although the size of a layer is not known before its
   * turn: a bar that retreats is taken for an error. Hence it
   * - stays empty while only small layers are known: being done with a licence is no part of the work;
   * - stays just below full while layers are pulled, since nobody has said that this was the last;
   * - waits where a late layer makes the whole larger, until the truth has caught up. The bytes beside it show it at once.
   */
  fraction = 0;
  /** Bytes that are there, and that are needed, of all layers met so far. */
  completed = 0;
  total = 0;
  /** In bytes a second, over the last seconds. `undefined` until it means something, and where nothing is pulled. */
  speed: number | undefined;

  readonly #layers = new Map<string, Layer>();
  /** Bytes that came while somebody watched, and how many they were at each step within the window. */
  #arrived = 0;
  #steps: { time: number; arrived: number }[] = [];

  /** `undefined` where it is unknown: speed, or how much there is to come. */
  get secondsLeft(): number | undefined {
    return this.speed && this.total >= REAL_SIZE ? (this.total - this.completed) / this.speed : undefined;
  }

  /** @param now Milliseconds, as `performance.now()` counts them. */
  add(progress: PullProgress, now: number): void {
    this.stage = stageOf(progress) ?? this.stage;
    if (this.stage === 'manifest') this.#begin();
    else if (this.stage === 'downloading') this.#count(progress, now);
    else this.#complete();
  }

  /** Every pull begins with the manifest, also the one that goes on after an interruption. */
  #begin() {
    for (const layer of this.#layers.values()) layer.met = false;
    this.#steps = [];
    this.speed = undefined;
  }

  #count({ digest, total, completed = 0 }: PullProgress, now: number) {
    if (digest && total) {
      const layer = this.#layers.get(digest) ?? { total, completed: 0, met: false };
      const before = layer.completed;
      layer.total = total;
      layer.completed = Math.min(completed, total);
      // Can be less than nothing: a part that came broken is fetched again.
      if (layer.met) this.#arrived += layer.completed - before;
      layer.met = true;
      this.#layers.set(digest, layer);
    }
    this.#addUp();
    this.#measure(now);
    if (this.total >= REAL_SIZE) this.fraction = Math.max(this.fraction, Math.min(this.completed / this.total, NEARLY));
  }

  /** Ollama goes on as soon as a layer is there, and leaves out the line that would say so. */
  #complete() {
    for (const layer of this.#layers.values()) layer.completed = layer.total;
    this.#addUp();
    this.speed = undefined;
    this.fraction = 1;
  }

  #addUp() {
    this.completed = this.total = 0;
    for (const { total, completed } of this.#layers.values()) {
      this.completed += completed;
      this.total += total;
    }
  }

  #measure(now: number) {
    const last = this.#steps.at(-1);
    if (!last || now - last.time >= STEP) this.#steps.push({ time: now, arrived: this.#arrived });
    // The oldest one left is the last outside the window, so that after a pause there is still something to compare with.
    while ((this.#steps[1]?.time ?? Infinity) <= now - WINDOW) this.#steps.shift();
    const { time, arrived } = this.#steps[0]!;
    if (now - time >= MEANINGFUL) this.speed = Math.max(0, ((this.#arrived - arrived) / (now - time)) * 1000);
  }
}

/** `undefined` for words that no Ollama has used so far: they change nothing. */
function stageOf({ status, digest }: PullProgress): PullStage | undefined {
  if (status === 'success') return 'done';
  if (status === 'pulling manifest') return 'manifest';
  if (digest || status.startsWith('pulling ')) return 'downloading';
  return /^(?:verifying|writing|removing) /.test(status) ? 'verifying' : undefined;
}
