/** The visitor's consent to calls of tools: the questions that are open, and what was said for good in this chat. How they look stands in `tool-steps.ts`. */
import type { ToolStrings } from '../i18n/tools-en';
import type { Step } from '../tools/calls';
import type { Tool } from '../tools/tool';
import type { ExtrasContext } from './extras-host';

/** A question that waits for the visitor. */
export interface Consent {
  /** Whether it has been there long enough to be meant by a click. */
  isSeen: boolean;
  answer: (allows: boolean, forGood: boolean) => void;
}

/** How long a question cannot be answered, in milliseconds: it may appear under a click that is meant for something else. */
const UNSEEN = 400;

export class Consents {
  readonly #context: ExtrasContext;
  readonly #words: () => ToolStrings;
  readonly #say: (text: string) => void;
  readonly #open = new Map<Step, Consent>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** By what a tool is, not by its name alone: another one that takes its name is asked about anew. */
  #decided = new Map<string, boolean>();
  #era = -1;

  /** @param say tells assistive technology. */
  constructor(context: ExtrasContext, words: () => ToolStrings, say: (text: string) => void) {
    this.#context = context;
    this.#words = words;
    this.#say = say;
  }

  /** Whether a question waits. */
  get isAsking(): boolean {
    return this.#open.size > 0;
  }

  /** The question before a step. */
  of(step: Step): Consent | undefined {
    return this.#open.get(step);
  }

  /** Resolves with the visitor's answer; with `false` when the signal aborts. */
  ask(step: Step, tool: Tool, signal: AbortSignal): Promise<boolean> {
    const { conversation, kit, moveOn, changed, surroundings } = this.#context;
    // Another chat: nothing was said in it.
    if (conversation.era !== this.#era) this.#decided = new Map();
    this.#era = conversation.era;
    const decided = this.#decided.get(tool.key);
    if (decided !== undefined || signal.aborted) return Promise.resolve(decided === true && !signal.aborted);
    return new Promise(resolve => {
      const end = (allows: boolean) => {
        this.#open.delete(step);
        signal.removeEventListener('abort', stop);
        resolve(allows);
      };
      const stop = () => end(false);
      signal.addEventListener('abort', stop);
      const consent: Consent = {
        isSeen: false,
        answer: (allows, forGood) => {
          end(allows);
          if (forGood) this.#decide(tool, allows);
          this.#wait();
          changed();
          // On to the next question where there is one.
          moveOn(this.#open.size ? '.consent button' : undefined);
        },
      };
      this.#open.set(step, consent);
      this.#wait();
      this.#say(kit.fill(this.#words().wantsToUse, { tool: tool.title }));
      surroundings().call();
      changed();
    });
  }

  /** With a new question all begin to be seen, and with an answer those that move into its place. */
  #wait() {
    clearTimeout(this.#timer);
    for (const consent of this.#open.values()) consent.isSeen = false;
    if (!this.#open.size) return;
    this.#timer = setTimeout(() => {
      for (const consent of this.#open.values()) consent.isSeen = true;
      this.#context.changed();
    }, UNSEEN);
  }

  /** Also for the other calls of the same tool that wait for an answer. */
  #decide(tool: Tool, allows: boolean) {
    this.#decided.set(tool.key, allows);
    for (const [step, consent] of this.#open) if (step.tool?.key === tool.key) consent.answer(allows, false);
  }
}
