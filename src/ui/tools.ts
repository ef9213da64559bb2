/**
 * Tools in the chat: which are offered, who may run them, what is seen of them. A part of its own, loaded where a page has tools, or a model
 * calls one. What becomes of a call stands in `tools/`.
 */
import type { AnswerCalls, Backend, CallAnswers } from '../conversation/backend';
import { type ChatMessage, createId, createMessage } from '../conversation/message';
import { NOT_FINISHED, resultsOf } from '../conversation/request-messages';
import { ChatToolCallEvent } from '../events';
import { tools, type ToolStrings } from '../i18n/tools-en';
import { adopt } from '../markdown/late-styles';
import { styles } from '../styles/tools';
import { answerCalls, type Step } from '../tools/calls';
import { Rounds } from '../tools/rounds';
import { merged, type Tool, toolsOf, wireTool } from '../tools/tool';
import { Consents } from './consents';
import type { ExtrasContext, Prepared } from './extras-host';
import { LateWords } from './late-words';
import { McpServers } from './mcp-servers';
import { type SeenStep, toolSteps } from './tool-steps';

/** How much of a result goes to the model, in characters: more than most contexts hold. */
const RESULT_LIMIT = 100_000;

/** A token has about four characters, and half of what a model reads is for the conversation. */
const PER_TOKEN = 2;

/** How often progress is shown, in milliseconds. */
const RHYTHM = 100;

export class Tools {
  readonly #context: ExtrasContext;
  /** What is being answered, by the reply that called it. */
  readonly #running = new Map<string, readonly Step[]>();
  readonly #consents: Consents;
  /** What is read out with the next change of the page. */
  #news: string[] = [];
  readonly #late: LateWords<ToolStrings>;
  /** The model that is known to use none. */
  #without: string | undefined;
  /** The one of which the visitor has been told. */
  #told: string | undefined;
  /** The last ones that were offered, for their titles. */
  #offered: readonly Tool[] = [];
  #warned = new Set<string>();
  readonly #mcp: McpServers;

  constructor(context: ExtrasContext) {
    this.#context = context;
    const vietnamese = () => import('../i18n/tools-vi').then(({ tools: words }) => words);
    this.#late = new LateWords(tools, vietnamese, () => context.changed());
    this.#mcp = new McpServers(context.host, () => this.#context.changed(), this.#warn);
    this.#consents = new Consents(
      context,
      () => this.#late.words,
      text => this.#say(text),
    );
    const { shadowRoot } = context.host;
    if (shadowRoot) adopt(shadowRoot, styles);
    this.update();
  }

  update(): void {
    this.#late.update(this.#context.surroundings());
    this.#mcp.update();
    // Also where it was closed with the question before the visitor's eyes.
    if (this.#consents.isAsking) this.#context.surroundings().call();
    const { reply } = this.#context.conversation;
    // What is in the conversation is read from there, as after a reload.
    for (const id of this.#running.keys()) if (id !== reply?.id) this.#running.delete(id);
  }

  /**
   * What is asked with tools, where there are some.
   * @param able whether the model can use them, as far as is known
   */
  async offer(request: Backend['request'], able: boolean): Promise<Prepared> {
    const tools = this.#context.host.toolRounds < 1 ? [] : await this.#all();
    if (!tools.length) return { request };
    this.#offered = tools;
    this.#without = able ? undefined : request.model;
    this.#context.changed();
    return able ? { request: { ...request, tools: tools.map(wireTool) }, tools } : { request };
  }

  /** Answers the calls of one question, round by round: with what was offered for it, whatever the page has by now. */
  answering(prepared: Prepared): AnswerCalls {
    const rounds = new Rounds();
    return (reply, signal, tell) => this.#answer(reply, rounds, prepared, signal, tell);
  }

  /** Below a reply; `undefined` where it has called none. */
  steps(message: ChatMessage): unknown {
    if (!message.tool_calls?.length) return undefined;
    const running = this.#running.get(message.id);
    const steps = running ? running.map(step => this.#seen(step)) : this.#past(message);
    return toolSteps({ kit: this.#context.kit, words: this.#late.words, steps, isUnanswered: !running && this.#isUnanswered(message) });
  }

  /** Above the composer. */
  get notice(): unknown {
    const { kit, server } = this.#context;
    const { html, nothing, fill, shortName, closeIcon } = kit;
    const { model } = server;
    const { lost } = this.#mcp;
    const isWithout = model && model !== this.#told && (model === this.#without || server.hasRefused('tools', model));
    const words = isWithout
      ? fill(this.#late.words.noTools, { model: shortName(model) })
      : lost.length
        ? fill(this.#late.words.serverAway, { host: lost.join(', ') })
        : '';
    if (!words) return nothing;
    const close = () => {
      if (isWithout) this.#told = model;
      else this.#mcp.lost = [];
      this.#context.moveOn();
    };
    return html`<div part="notice" class="dock-notice">
      <span role="status">${words}</span
      ><button type="button" class="icon-button small" aria-label=${this.#late.words.dismiss} title=${this.#late.words.dismiss} @click=${close}>${closeIcon}</button>
    </div>`;
  }

  /** The widget has left the page. */
  close(): void {
    this.#mcp.close();
  }

  readonly #warn = (text: string) => {
    if (!this.#warned.has(text)) console.warn(text);
    this.#warned.add(text);
  };

  async #all(): Promise<Tool[]> {
    const { host } = this.#context;
    const warn = this.#warn;
    const own = toolsOf(host.tools ?? [], warn);
    const page = host.webmcp
      ? await import('../tools/webmcp').then(({ pageTools }) => pageTools()).catch(error => (warn(`<ollama-chat> ${String(error)}`), []))
      : [];
    return merged(own, page, await this.#mcp.tools());
  }

  async #answer(
    reply: ChatMessage,
    rounds: Rounds,
    { request, tools = [] }: Prepared,
    signal: AbortSignal,
    tell: (results: ChatMessage[]) => void,
  ): Promise<CallAnswers> {
    const { host, server, changed } = this.#context;
    const calls = reply.tool_calls ?? [];
    const results = resultKeeper(calls.map(() => createId()));
    // Where it calls what it was not asked with, nothing runs.
    const offered = rounds.isOver || server.hasRefused('tools', request.model) ? [] : tools;
    // The visitor may have chosen another model for the next question.
    const length = (server.model === request.model && server.contextLength) || Infinity;
    const { before } = rounds;
    const next = rounds.next(calls, host.toolRounds);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const soon = () => {
      timer = undefined;
      changed();
    };
    try {
      const steps = await answerCalls(
        calls,
        {
          tools: offered,
          before,
          timeout: host.timeout,
          limit: Math.min(RESULT_LIMIT, (length * PER_TOKEN) / calls.length),
          permits: (name, args) => host.dispatchEvent(new ChatToolCallEvent(name, args)),
          consents: (step, tool, ended) => this.#consents.ask(step, tool, ended),
          changed: (all, step) => {
            this.#running.set(reply.id, all);
            tell(results(all));
            if (step) this.#sayState(step);
            changed();
          },
          progressed: () => (timer ??= setTimeout(soon, RHYTHM)),
        },
        signal,
      );
      const { tools: _, ...without } = request;
      return { results: results(steps), request: next === 'with' ? request : next === 'without' ? without : undefined };
    } finally {
      clearTimeout(timer);
      changed();
    }
  }

  /** The question before a call says by itself that it is there. */
  #sayState({ tool, call, state }: Step) {
    const { toolStates } = this.#late.words;
    if (state !== 'asking') this.#say(`${tool?.title ?? call.function.name}: ${toolStates[state]}`);
  }

  /** All that comes before the page changes, at once: of two in a row only the second would be read. */
  #say(text: string) {
    const { host, surroundings } = this.#context;
    this.#news.push(text);
    surroundings().announce(this.#news.join(' '));
    void host.updateComplete.then(() => (this.#news = []));
  }

  #seen(step: Step): SeenStep {
    const { call, tool, state, result, progress } = step;
    const { name, arguments: args } = call.function;
    return { name, title: tool?.title ?? name, origin: tool?.origin, args, state, result, progress, consent: this.#consents.of(step) };
  }

  /** Of a reply whose calls were answered earlier, or are answered elsewhere: what became of them follows it. */
  #past(message: ChatMessage): SeenStep[] {
    const { messages, reply } = this.#context.conversation;
    const calls = message.tool_calls ?? [];
    const isOpen = message.id === reply?.id;
    // A reply that is being written is not among them; what is known of its calls, in another tab, comes last.
    const before = isOpen ? messages.findLastIndex(({ role }) => role !== 'tool') : messages.indexOf(message);
    const results = resultsOf(calls, messages, before + 1);
    return calls.map(({ function: { name, arguments: args } }, index) => {
      const result = results[index];
      const state = stateOf(result);
      const title = this.#offered.find(tool => tool.name === name)?.title ?? name;
      return { name, title, args, state: isOpen && state === 'stopped' ? 'waiting' : state, result: result?.content ?? '' };
    });
  }

  /** Whether the model has been told all, and said nothing. */
  #isUnanswered(message: ChatMessage): boolean {
    const { messages, phase } = this.#context.conversation;
    const at = messages.indexOf(message);
    if (at < 0 || phase.name !== 'idle') return false;
    const rest = messages.slice(at + 1);
    return rest.length > 0 && rest.every(({ role, content }) => role === 'tool' && content !== NOT_FINISHED);
  }
}

/** The other way round of what {@link resultOf} keeps. */
function stateOf(result: ChatMessage | undefined): SeenStep['state'] {
  if (!result || result.content === NOT_FINISHED) return 'stopped';
  return result.status === 'stopped' ? 'refused' : result.status === 'interrupted' ? 'failed' : 'done';
}

/** Each result is the same message until it changes: only what is new is kept. */
function resultKeeper(ids: readonly string[]) {
  const kept: ChatMessage[] = [];
  return (steps: readonly Step[]): ChatMessage[] =>
    steps.map((step, index) => {
      const before = kept[index];
      const result = resultOf(step, ids[index] ?? '');
      return (kept[index] = before?.content === result.content && before.status === result.status ? before : result);
    });
}

/** What the conversation keeps of a step. Its status says how it went: `stopped` is refused, `interrupted` failed, or not done. */
function resultOf({ call, state, result }: Step, id: string): ChatMessage {
  const status = state === 'done' ? 'complete' : state === 'refused' ? 'stopped' : 'interrupted';
  return createMessage({
    ...{ id, role: 'tool' as const, status, content: ['done', 'refused', 'failed'].includes(state) ? result : NOT_FINISHED },
    tool_name: call.function.name,
    ...(call.id && { tool_call_id: call.id }),
  });
}
