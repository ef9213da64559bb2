/**
 * Tools in the chat: which are offered, who may run them, what is seen of them. A part of its own, loaded where a page has tools, or a model
 * calls one. What becomes of a call stands in `tools/`.
 */
import type { AnswerCalls, Backend, CallAnswers } from '../conversation/conversation';
import { type ChatMessage, createId, createMessage } from '../conversation/message';
import { ChatToolCallEvent } from '../events';
import { tools, type ToolStrings } from '../i18n/tools-en';
import { adopt } from '../markdown/late-styles';
import { styles } from '../styles/tools';
import { answerCalls, type Step } from '../tools/calls';
import { Rounds } from '../tools/rounds';
import { merged, type Tool, toolsOf, wireTool } from '../tools/tool';
import type { ExtrasContext } from './extras-host';
import { LateWords } from './late-words';
import { McpServers } from './mcp-servers';
import { type Consent, type SeenStep, toolSteps } from './tool-steps';

/** What is being answered. */
interface Running {
  steps: readonly Step[];
  consents: Map<Step, Consent>;
}

export class Tools {
  readonly #context: ExtrasContext;
  /** By the reply that called them. */
  readonly #running = new Map<string, Running>();
  /** What the visitor has said for good, by the name of the tool. */
  #decided = new Map<string, boolean>();
  #era = -1;
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
    this.#mcp = new McpServers(context.host, () => this.#context.changed());
    const { shadowRoot } = context.host;
    if (shadowRoot) adopt(shadowRoot, styles);
    this.update();
  }

  update(): void {
    this.#late.update(this.#context.surroundings());
  }

  /**
   * What is asked with tools, where there are some.
   * @param able whether the model can use them, as far as is known
   */
  async offer(request: Backend['request'], able: boolean): Promise<Backend['request']> {
    this.#offered = await this.#all();
    if (!this.#offered.length) return request;
    this.#without = able ? undefined : request.model;
    this.#context.changed();
    return able ? { ...request, tools: this.#offered.map(wireTool) } : request;
  }

  /** Answers the calls of one question, round by round. */
  answering(request: Backend['request']): AnswerCalls {
    const rounds = new Rounds();
    return (reply, signal, tell) => this.#answer(reply, rounds, request, signal, tell);
  }

  /** Below a reply; `undefined` where it has called none. */
  steps(message: ChatMessage): unknown {
    if (!message.tool_calls?.length) return undefined;
    const running = this.#running.get(message.id);
    const steps = running ? running.steps.map(step => this.#seen(step)) : this.#past(message);
    const consentOf = (index: number) => running?.consents.get(running.steps[index] as Step);
    return toolSteps({ kit: this.#context.kit, words: this.#late.words, steps, consentOf });
  }

  /** Above the composer. */
  get notice(): unknown {
    const { kit, server } = this.#context;
    const { html, nothing, fill, shortName, closeIcon } = kit;
    const { model } = server;
    const { lost } = this.#mcp;
    const isWithout = model && model !== this.#told && (model === this.#without || server.hasRefused('tools'));
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

  async #all(): Promise<Tool[]> {
    const { host } = this.#context;
    const warn = (text: string) => {
      if (!this.#warned.has(text)) console.warn(text);
      this.#warned.add(text);
    };
    const own = toolsOf(host.tools ?? [], warn);
    const page = host.webmcp
      ? await import('../tools/webmcp').then(({ pageTools }) => pageTools()).catch(error => (warn(`<ollama-chat> ${String(error)}`), []))
      : [];
    return merged(own, page, await this.#mcp.tools());
  }

  async #answer(
    reply: ChatMessage,
    rounds: Rounds,
    request: Backend['request'],
    signal: AbortSignal,
    tell: (results: ChatMessage[]) => void,
  ): Promise<CallAnswers> {
    const { host, conversation, changed } = this.#context;
    const calls = reply.tool_calls ?? [];
    const { era } = conversation;
    if (era !== this.#era) this.#decided = new Map();
    this.#era = era;
    const running: Running = { steps: [], consents: new Map() };
    const ids = calls.map(() => createId());
    const results = () => running.steps.map((step, index) => resultOf(step, ids[index] ?? ''));
    this.#running.set(reply.id, running);
    const { before } = rounds;
    const next = rounds.next(calls, host.toolRounds);
    try {
      await answerCalls(
        calls,
        {
          tools: this.#offered,
          before,
          timeout: host.timeout,
          permits: (name, args) => host.dispatchEvent(new ChatToolCallEvent(name, args)),
          consents: (step, ended) => this.#ask(running, step, ended),
          changed: steps => {
            running.steps = steps;
            tell(results());
            changed();
          },
        },
        signal,
      );
      const { tools: _, ...without } = request;
      return { results: results(), request: next === 'with' ? request : next === 'without' ? without : undefined };
    } finally {
      // From now on they are read from the conversation, as after a reload.
      this.#running.delete(reply.id);
      changed();
    }
  }

  #ask(running: Running, step: Step, signal: AbortSignal): Promise<boolean> {
    const { name, title } = step.tool as Tool;
    const decided = this.#decided.get(name);
    if (decided !== undefined) return Promise.resolve(decided);
    const { kit, surroundings, moveOn, changed } = this.#context;
    return new Promise(resolve => {
      const end = (allows: boolean) => {
        running.consents.delete(step);
        signal.removeEventListener('abort', stop);
        resolve(allows);
      };
      const stop = () => end(false);
      signal.addEventListener('abort', stop);
      const answer = (allows: boolean, forGood: boolean) => {
        end(allows);
        if (forGood) this.#decide(running, name, allows);
        moveOn();
      };
      running.consents.set(step, { answer });
      surroundings().announce(kit.fill(this.#late.words.wantsToUse, { tool: title }));
      changed();
    });
  }

  /** Also for the other calls of the same tool that wait for an answer. */
  #decide({ consents }: Running, name: string, allows: boolean) {
    this.#decided.set(name, allows);
    for (const [step, consent] of consents) if (step.tool?.name === name) consent.answer(allows, false);
  }

  #seen({ call, tool, state, result, progress }: Step): SeenStep {
    const { name, arguments: args } = call.function;
    return { name, title: tool?.title ?? name, args, state, result, progress };
  }

  /** Of a reply whose calls were answered earlier: its results follow it, in their order. */
  #past(message: ChatMessage): SeenStep[] {
    const { messages } = this.#context.conversation;
    const at = messages.findIndex(({ id }) => id === message.id);
    return (message.tool_calls ?? []).map(({ function: { name, arguments: args } }, index) => {
      const result = at < 0 ? undefined : messages[at + 1 + index];
      const isResult = result?.role === 'tool';
      const state = !isResult || result.status === 'interrupted' ? 'failed' : result.status === 'stopped' ? 'refused' : 'done';
      const title = this.#offered.find(tool => tool.name === name)?.title ?? name;
      return { name, title, args, state, result: isResult ? result.content : '' };
    });
  }
}

/** What the conversation keeps of a step. Its status says how it went: `stopped` is refused, `interrupted` failed, or not done. */
function resultOf({ call, state, result }: Step, id: string): ChatMessage {
  const status = state === 'done' ? 'complete' : state === 'refused' ? 'stopped' : 'interrupted';
  return createMessage({
    ...{ id, role: 'tool' as const, status, content: result || 'Error: This call was not finished.' },
    tool_name: call.function.name,
    ...(call.id && { tool_call_id: call.id }),
  });
}
