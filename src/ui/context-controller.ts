/** Keeps count of the model's context: what was sent, what the server counted, what no longer fits. */
import { nothing, type ReactiveControllerHost } from 'lit';
import type { Count } from '../conversation/context';
import type { ChatMessage } from '../conversation/message';
import type { ChatErrorDetail } from '../errors';
import { languageOf, override, type StringOverrides, type Strings } from '../i18n/strings';
import { adopt } from '../markdown/late-styles';
import type { RequestMessage } from '../protocol/client';
import type { ContextProps } from './context';
import type * as part from './context';
import { kit } from './kit';

type Part = typeof part;

/** Beside the count. */
export interface ContextSurroundings extends Omit<ContextProps, 'strings' | 'usage' | 'cut'> {
  strings: Strings;
  overrides: StringOverrides | null;
  /** How many tokens the model reads, where that is known. */
  limit: number | undefined;
}

export class ContextController {
  /** `null` where it cannot be loaded. */
  #part: Part | null | undefined;
  #count: Count | undefined;
  #sent: RequestMessage[] = [];
  #skipped = 0;
  /** What was known of the model then: once it reads more, all may be sent again. */
  #limit: number | undefined;
  #first: string | undefined;

  constructor(
    readonly host: ReactiveControllerHost & HTMLElement,
    readonly surroundings: () => ContextSurroundings,
  ) {}

  /** What of `messages` fits; the beginning is left out where it must be. */
  fit(messages: RequestMessage[]): RequestMessage[] {
    const { limit } = this.surroundings();
    const fitted = this.#part?.fit(messages, limit, this.#count, limit === this.#limit ? this.#skipped : 0);
    this.#limit = limit;
    this.#skipped = fitted?.skipped ?? 0;
    return (this.#sent = fitted?.messages ?? messages);
  }

  /** An answer has come. Resolves with the tokens that the conversation has now, where the server counts them. */
  async take(answer: ChatMessage): Promise<number | undefined> {
    const sent = this.#sent;
    // Another question, or another conversation, may have begun meanwhile: its own answer counts.
    if (!answer.stats?.prompt_eval_count || !(await this.#load()) || sent !== this.#sent) return undefined;
    this.#count = this.#part?.count(sent, answer, this.#count) ?? this.#count;
    this.host.requestUpdate();
    return this.#count?.used;
  }

  /** No answer has come: a prompt that was too long has been counted all the same. */
  async takeFailure(detail: ChatErrorDetail): Promise<void> {
    const sent = this.#sent;
    if (detail.kind !== 'too-long' || !(await this.#load()) || sent !== this.#sent || !detail.promptTokens) return;
    this.#count = this.#part?.learn(sent, detail.promptTokens);
    this.host.requestUpdate();
  }

  /** The conversation is another one where it begins with another message. */
  follow(first: ChatMessage | undefined): void {
    if (first?.id === this.#first) return;
    this.#first = first?.id;
    this.#count = undefined;
    this.#sent = [];
    this.#skipped = 0;
  }

  get meter() {
    return this.#part?.meter(kit, this.#props(this.#part)) ?? nothing;
  }

  get notice() {
    return this.#part?.notice(kit, this.#props(this.#part)) ?? nothing;
  }

  #props(part: Part): ContextProps {
    const { limit, strings, overrides, ...surroundings } = this.surroundings();
    const words = { ...strings, ...override(part.contextStrings(languageOf(surroundings.lang)), overrides) };
    const usage = this.#count && limit ? part.usage(this.#count, limit) : undefined;
    return { ...surroundings, strings: words, usage, cut: (this.#skipped > 0 && limit === this.#limit) || !!usage?.cut };
  }

  async #load(): Promise<boolean> {
    // A script that was copied without its parts does not count, and asks for this one once.
    if (this.#part === undefined) this.#part = await import('./context').catch(() => null);
    if (this.#part && this.host.shadowRoot) adopt(this.host.shadowRoot, this.#part.styles);
    return !!this.#part;
  }
}
