/**
 * Tabs with the same conversations: whatever visitors do in them, and however they end, all agree with each other and with the store.
 * `TABS_SEED` names another walk, or several (`1-20`), `TABS_STEPS` its length.
 */
import type { BrowserContext, Locator, Page } from '@playwright/test';
import { chatLines, type Piece } from '../../demo/ollama/chat.ts';
import { pause, sendError } from '../../demo/ollama/wire.ts';
import type { ChatMessage } from '../../src/conversation/message.ts';
import type { Call } from '../support/behaviours.ts';
import { Gate } from '../support/gate.ts';
import { seeded } from '../support/seeded.mjs';
import { expect, type OllamaChat, pageHtml, test, watch } from './chat-page.ts';

const STEPS = Number(process.env.TABS_STEPS ?? 200);
const [FROM = 1, TO = FROM] = (process.env.TABS_SEED ?? '1').split('-').map(Number);

/** How many of the last steps a failure tells. */
const TOLD = 40;

for (let seed = FROM; seed <= TO; seed++) {
  test(`Two tabs and a third that comes and goes agree with the store after ${STEPS} random steps (seed ${seed})`, async ({
    context,
    serve,
    pages,
  }) => {
    test.setTimeout(60_000 + STEPS * 1000);
    const model = new Model(seed);
    const ollama = await serve({ answer: call => model.answer(call) });
    const site = await pages({
      ...Object.fromEntries(
        ['A', 'B', 'C'].map(name => [`${name}.html`, pageHtml({ url: ollama.url, model: `tiny:${name}`, persist: 'browser' })]),
      ),
      'store.html': '<!doctype html><title>Looks into the store</title><link rel="icon" href="data:,">',
    });
    const store = await context.newPage();
    await store.goto(`${site.url}/store.html`);
    const walk = new Walk(seed, model, context, site.url, store);
    try {
      await walk.go();
    } catch (error) {
      throw new Error(`Seed ${seed}, the last steps:\n${walk.told.slice(-TOLD).join('\n')}\n\n${String((error as Error).message)}`, {
        cause: error,
      });
    }
    test.info().annotations.push({ type: 'walk', description: model.summary() });
    // A walk on which nobody is answered would say nothing.
    expect(model.calls.length, model.summary()).toBeGreaterThan(STEPS / 10);
  });
}

// The model: what it says depends on the question alone, how it says it on the seed.

interface Asked {
  /** The letter of the tab. */
  by: string;
  question: string;
  /** The whole answer went out, and nobody had left. */
  isComplete: boolean;
  /** Somebody may have ended it, or its tab. */
  isExcused: boolean;
  isOpen: boolean;
}

class Model {
  readonly calls: Asked[] = [];
  readonly #gate = new Gate();
  readonly #random: () => number;

  constructor(seed: number) {
    this.#random = seeded(seed * 7919);
  }

  /** Lets those go on that are held; one, or all. */
  release(all = false): void {
    if (all) for (let count = this.calls.filter(call => call.isOpen).length; count > 0; count--) this.#gate.release();
    else if (this.calls.some(call => call.isOpen)) this.#gate.release();
  }

  async answer(call: Call): Promise<void> {
    const question = call.chat.messages.findLast(({ role }) => role === 'user')?.content ?? '';
    const last = call.chat.messages.at(-1);
    const begun = last?.role === 'assistant' ? String(last.content) : '';
    const asked: Asked = { by: call.argument, question, isComplete: false, isExcused: false, isOpen: true };
    this.calls.push(asked);
    call.response.on('close', () => (asked.isOpen = false));
    call.response.on('finish', () => (asked.isComplete ||= asked.isOpen && !call.signal.aborted && hasEnded));
    let hasEnded = false;
    const manner = MANNERS[Math.floor(this.#random() * MANNERS.length)]!;
    const pieces: Piece[] = answerTo(question)
      .slice(begun.length)
      .split(/(?<= )/);
    const thoughts: Piece[] = manner.thinks && !begun ? [{ thinking: 'Let me ' }, { thinking: 'think.' }] : [];
    const { response, signal } = call;
    if (manner.end === 'refused') return sendError(response, 500, 'llama runner process has terminated');
    const lines = chatLines(call.chat, manner.end === 'empty' && !begun ? [] : [...thoughts, ...pieces]);
    response.setHeader('Content-Type', 'application/x-ndjson');
    response.flushHeaders();
    for (const [index, line] of lines.entries()) {
      const isHalf = index === Math.floor(lines.length / 2);
      if (isHalf && manner.isHeld) await this.#gate.wait(signal);
      if (isHalf && manner.end === 'error') return void response.end('{"error":"unexpected EOF"}\n');
      if (isHalf && manner.end === 'cut') return call.hangUp();
      if (signal.aborted) return;
      response.write(line);
      if (manner.gap) await pause(manner.gap, signal);
    }
    hasEnded = manner.end !== 'empty' || begun !== '';
    response.end();
  }

  summary(): string {
    const complete = this.calls.filter(call => call.isComplete);
    return `${this.calls.length} requests, ${complete.length} answered, ${complete.filter(call => call.isExcused).length} of them disturbed`;
  }
}

interface Manner {
  /** Milliseconds between two words. */
  gap: number;
  isHeld?: boolean;
  thinks?: boolean;
  end?: 'refused' | 'error' | 'cut' | 'empty';
}

const MANNERS: readonly Manner[] = [
  { gap: 0 },
  { gap: 0, thinks: true },
  { gap: 4 },
  { gap: 12, thinks: true },
  { gap: 12 },
  { gap: 30 },
  { gap: 30, thinks: true },
  { gap: 4, isHeld: true },
  { gap: 1, isHeld: true, thinks: true },
  { gap: 0, end: 'refused' },
  { gap: 0, end: 'empty' },
  { gap: 12, end: 'error' },
  { gap: 8, end: 'cut' },
];

const answerTo = (question: string) => `Answer to ${question}: one two three four five six seven eight nine ten end.`;

// The store, as it lies there.

interface Stored {
  conversations: { id: string; discarded?: number; queue: string[]; draft: string; size: number; title: string; name?: string }[];
  /** By conversation, in their order. */
  messages: Record<string, ChatMessage[]>;
}

/** Runs in the page that only looks. */
async function readStore(): Promise<Stored> {
  const known = await indexedDB.databases();
  if (!known.some(({ name }) => name === 'ollama-chat')) return { conversations: [], messages: {} };
  const db = await new Promise<IDBDatabase>((resolve, reject) => {
    const opening = indexedDB.open('ollama-chat');
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
  });
  const reading = db.transaction(['conversations', 'messages']);
  const all = <T>(name: string) =>
    new Promise<T[]>((resolve, reject) => {
      const request = reading.objectStore(name).getAll();
      request.onsuccess = () => resolve(request.result as T[]);
      request.onerror = () => reject(request.error);
    });
  const [conversations, records] = await Promise.all([
    all<Stored['conversations'][number]>('conversations'),
    all<ChatMessage & { key: string; conversation: string; version: number; order: number }>('messages'),
  ]);
  db.close();
  const messages: Stored['messages'] = {};
  for (const { key: _, conversation, version: _version, order: _order, ...message } of records.toSorted((a, b) => a.order - b.order)) {
    (messages[conversation] ??= []).push(message);
  }
  return { conversations, messages };
}

// The tabs.

interface Tab {
  name: string;
  page: Page;
  complaints: string[];
  isHidden: boolean;
}

interface Seen {
  conversation: string;
  messages: ChatMessage[];
  phase: string;
  queue: string[];
  isHeld: boolean;
  draft: string;
  isListOpen: boolean;
}

/** Runs in a tab. */
function look(): Seen {
  const chat = document.querySelector('ollama-chat') as OllamaChat;
  const { conversation = '' } = JSON.parse(sessionStorage.getItem('ollama-chat:default') ?? '{}') as { conversation?: string };
  const root = chat.shadowRoot!;
  const queue = [...root.querySelectorAll('.queued')].map(item => item.textContent ?? '');
  const isHeld = root.querySelector('.queue-line')?.textContent?.includes('Held') ?? false;
  return {
    ...{ conversation, messages: chat.messages, phase: chat.phase, queue, isHeld, draft: chat.draft ?? '' },
    isListOpen: !!root.querySelector('.history'),
  };
}

/** A question, by its text: asked here, and by nobody else. */
interface Question {
  tab: Tab;
  /** Whether it has to be there in the end. */
  must: boolean;
}

class Walk {
  readonly told: string[] = [];
  readonly #tabs: Tab[] = [];
  readonly #questions = new Map<string, Question>();
  readonly #random: () => number;
  /** Edits that have not been answered yet: they may take anything with them. */
  #editing = 0;
  #count = 0;

  constructor(
    seed: number,
    readonly model: Model,
    readonly context: BrowserContext,
    readonly url: string,
    readonly store: Page,
  ) {
    this.#random = seeded(seed);
  }

  async go(): Promise<void> {
    await this.#open('A');
    await this.#open('B');
    for (let step = 1; step <= STEPS; step++) {
      const tab = this.#pick(this.#tabs)!;
      const name = this.#weighted(ACTS);
      this.told.push(`${step}. ${tab.name}: ${name}`);
      await this.#acts[name](tab);
      // It may have been asked in the last moment.
      if (DISTURBING.has(name)) await this.#excuse(name === 'third' ? this.#tabs[2] : tab);
      await this.#sane();
    }
    this.told.push('The end.');
    await this.#agree();
  }

  // Chance.

  #pick<T>(list: readonly T[]): T | undefined {
    return list[Math.floor(this.#random() * list.length)];
  }

  #weighted(weights: Record<Act, number>): Act {
    const acts = Object.entries(weights) as [Act, number][];
    let rest = this.#random() * acts.reduce((sum, [, weight]) => sum + weight, 0);
    return acts.find(([, weight]) => (rest -= weight) < 0)?.[0] ?? 'send';
  }

  /** Says more about the step that was told last. */
  #tell(more: string) {
    this.told.push(`${this.told.pop()} ${more}`);
  }

  // What can happen.

  readonly #acts: Record<Act, (tab: Tab) => Promise<void>> = {
    send: async tab => this.#send(tab, this.#question(tab)),
    sendInBoth: async () => {
      await Promise.all(this.#tabs.map(tab => this.#send(tab, this.#question(tab))));
    },
    ask: async tab => {
      const text = this.#question(tab);
      const box = this.#chat(tab).getByRole('textbox', { name: 'Message', exact: false }).last();
      await this.#leaveList(tab);
      await box.fill(text);
      await box.press('Enter');
    },
    draft: async tab => {
      await tab.page.evaluate(text => void ((document.querySelector('ollama-chat') as OllamaChat).draft = text), `draft ${++this.#count}`);
    },
    stop: async tab => {
      await this.#excuse();
      await tab.page.evaluate(() => (document.querySelector('ollama-chat') as OllamaChat).stop());
    },
    regenerate: async tab => {
      await tab.page.evaluate(() => void (document.querySelector('ollama-chat') as OllamaChat).regenerate());
    },
    continue: async tab => void (await this.#press(tab, 'Continue')),
    edit: async tab => {
      const { messages, conversation } = await this.#look(tab);
      const target = this.#pick(messages.filter(({ role }) => role === 'user'));
      if (!target) return;
      // Everything from there on goes, and whatever comes until then.
      const kept = await this.#read();
      const said = kept.messages[conversation] ?? [];
      const index = said.findIndex(({ id }) => id === target.id);
      for (const { content } of said.slice(Math.max(index, 0))) this.#mayGo(content);
      for (const [text] of this.#questions) if (!isKept(kept, text)) this.#mayGo(text);
      const text = this.#question(tab);
      this.#mayGo(text);
      this.#tell(`${target.content} to ${text}`);
      this.#editing += 1;
      await this.#excuse();
      void tab.page
        .evaluate(
          ([id, words]) =>
            (document.querySelector('ollama-chat') as OllamaChat).edit(id!, words!).then(
              () => {},
              () => {},
            ),
          [target.id, text],
        )
        .catch(() => {})
        .finally(() => (this.#editing -= 1));
    },
    release: async () => this.model.release(),
    newChat: async tab => {
      await this.#disturb(tab);
      await tab.page.evaluate(() => (document.querySelector('ollama-chat') as OllamaChat).clear());
    },
    undo: async tab => void (await this.#press(tab, 'Undo')),
    openOther: async tab => {
      await this.#openList(tab);
      const rows = this.#chat(tab).locator('.history-open');
      const count = await rows.count();
      await this.#disturb(tab);
      this.#tell(await press(rows, Math.floor(this.#random() * count)));
    },
    /** Back to where the others are, so that they meet. */
    join: async tab => {
      const others = await Promise.all(this.#tabs.filter(other => other !== tab).map(other => this.#look(other)));
      const target = this.#pick(others);
      if (!target || (await this.#look(tab)).conversation === target.conversation) return;
      const title = (await this.#read()).conversations.find(({ id }) => id === target.conversation);
      if (!title?.size || title.discarded) return;
      await this.#openList(tab);
      await this.#disturb(tab);
      this.#tell(await press(this.#chat(tab).locator('.history-open', { hasText: title.name ?? title.title })));
    },
    rename: async tab => {
      await this.#openList(tab);
      const button = this.#chat(tab).getByRole('button', { name: /^Rename/ });
      const clicked = await press(button, Math.floor(this.#random() * (await button.count())));
      const name = `name ${++this.#count}`;
      this.#tell(`${clicked} to ${name}`);
      const field = this.#chat(tab).locator('.history-edit input');
      // A page in the background is told late that it has lost the focus.
      await field.evaluateAll((inputs, text) => {
        for (const input of inputs as HTMLInputElement[]) {
          input.value = text;
          input.dispatchEvent(new FocusEvent('blur'));
        }
      }, name);
    },
    remove: async tab => {
      await this.#openList(tab);
      const button = this.#chat(tab).getByRole('button', { name: /^Delete “/ });
      const count = await button.count();
      await this.#excuse();
      const before = await this.#read();
      for (const [text] of this.#questions) if (!isKept(before, text)) this.#mayGo(text);
      const clicked = await press(button, Math.floor(this.#random() * count));
      this.#tell(clicked);
      if (!clicked) return;
      await expect(this.#chat(tab).locator('.history-foot').getByText('Deleted')).toBeVisible();
      // Which one it met is known afterwards: another may have moved there.
      const after = await this.#read();
      for (const { id, discarded, queue } of after.conversations) {
        if (!discarded) continue;
        for (const text of [...queue, ...(after.messages[id] ?? []).map(({ content }) => content)]) this.#mayGo(text);
      }
      if (this.#random() < 0.5) this.#tell(await press(this.#chat(tab).locator('.history-foot').getByRole('button', { name: 'Undo' })));
    },
    sendNow: async tab => {
      const [text] = (await this.#look(tab)).queue;
      if (text === undefined) return;
      const others = await Promise.all(this.#tabs.filter(other => other !== tab).map(other => this.#look(other)));
      // What waits in one tab is shown in every other one that comes later, and would be asked twice.
      const isElsewhere = others.some(({ queue, messages }) => queue.includes(text) || messages.some(({ content }) => content === text));
      if (isElsewhere || isKept(await this.#read(), text)) return this.#tell('(not this one)');
      await this.#press(tab, 'Send now');
    },
    reload: async tab => {
      await this.#disturb(tab);
      await tab.page.reload();
      tab.isHidden = false;
      await this.#ready(tab);
      this.#rename(tab);
    },
    close: async tab => {
      await this.#disturb(tab);
      await tab.page.close();
      await this.#replace(tab);
    },
    crash: async tab => {
      await this.#disturb(tab);
      const session = await this.context.newCDPSession(tab.page);
      const crashed = tab.page.waitForEvent('crash');
      void session.send('Page.crash').catch(() => {});
      await crashed;
      await tab.page.close();
      await this.#replace(tab);
    },
    third: async () => {
      const [, , third] = this.#tabs;
      if (!third) return this.#open('C');
      await this.#disturb(third);
      await third.page.close();
      this.#tabs.pop();
    },
    setMessages: async tab => {
      const { messages } = await this.#look(tab);
      await this.#disturb(tab);
      if (this.#random() < 0.5 || messages.length < 2) {
        this.#tell('to a greeting');
        await tab.page.evaluate(
          text => void ((document.querySelector('ollama-chat') as OllamaChat).messages = [{ role: 'assistant', content: text }]),
          'Greeting',
        );
      } else {
        const count = 1 + Math.floor(this.#random() * (messages.length - 1));
        this.#tell(`to the first ${count}`);
        const kept = await this.#read();
        const { conversation } = await this.#look(tab);
        for (const { content } of kept.messages[conversation] ?? []) {
          this.#mayGo(content);
          // The question may be the last one that stays.
          for (const call of this.model.calls) call.isExcused ||= call.question === content;
        }
        for (const [text] of this.#questions) if (!isKept(kept, text)) this.#mayGo(text);
        await tab.page.evaluate(length => {
          const chat = document.querySelector('ollama-chat') as OllamaChat;
          chat.messages = chat.messages.slice(0, length);
        }, count);
      }
    },
    hide: async tab => {
      tab.isHidden = !tab.isHidden;
      await tab.page.evaluate(isHidden => {
        Object.defineProperty(document, 'hidden', { value: isHidden, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
      }, tab.isHidden);
    },
    sleep: async tab => {
      await tab.page.evaluate(() => {
        dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }));
        dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));
      });
    },
    agree: async () => this.#agree(),
  };

  #chat(tab: Tab) {
    return tab.page.locator('ollama-chat');
  }

  #look(tab: Tab): Promise<Seen> {
    return tab.page.evaluate(look);
  }

  #read(): Promise<Stored> {
    return this.store.evaluate(readStore);
  }

  #question(tab: Tab): string {
    const text = `q${++this.#count} of ${tab.name}`;
    this.#tell(text);
    this.#questions.set(text, { tab, must: this.#editing === 0 });
    return text;
  }

  async #send(tab: Tab, text: string) {
    await tab.page.evaluate(words => void (document.querySelector('ollama-chat') as OllamaChat).send(words), text);
  }

  async #press(tab: Tab, name: string) {
    const pressed = await press(this.#chat(tab).getByRole('button', { name, exact: true }));
    if (!pressed) this.#tell('(nothing to press)');
  }

  async #openList(tab: Tab) {
    if ((await this.#look(tab)).isListOpen) return;
    await press(this.#chat(tab).getByRole('button', { name: 'Conversations', exact: true }));
    await expect(this.#chat(tab).locator('.history')).toBeVisible();
  }

  async #leaveList(tab: Tab) {
    await press(this.#chat(tab).locator('.history').getByRole('button', { name: 'Close' }));
  }

  async #open(name: string, place = this.#tabs.length) {
    const page = await this.context.newPage();
    const tab: Tab = { name, page, complaints: await watch(page), isHidden: false };
    await page.goto(`${this.url}/${name[0]}.html`);
    await this.#ready(tab);
    this.#tabs.splice(place, 1, tab);
  }

  /** In the conversation that it was in, or that is the newest: only then is there something to be done. */
  async #ready({ page }: Tab) {
    await expect(page.locator('ollama-chat').getByRole('button', { name: 'Conversations', exact: true })).toBeVisible();
    await page.waitForFunction(() => sessionStorage.getItem('ollama-chat:default')?.includes('"live":true'));
  }

  /** Another tab in its place: A, then A2, A3. */
  async #replace(tab: Tab) {
    await this.#open(nextName(tab.name), this.#tabs.indexOf(tab));
  }

  /** The same tab with another page. */
  #rename(tab: Tab) {
    const heir = { ...tab, name: nextName(tab.name) };
    this.#tabs[this.#tabs.indexOf(tab)] = heir;
  }

  #mayGo(text: string) {
    const question = this.#questions.get(text);
    if (question) question.must = false;
  }

  /** Something is about to end what this tab is doing: what is not on the shelf yet may be lost. */
  async #disturb(tab: Tab) {
    const kept = await this.#excuse(tab);
    const isQueued = (text: string) => kept.conversations.some(({ queue }) => queue.includes(text));
    for (const [text, question] of this.#questions) {
      if (question.tab.page === tab.page && !isKept(kept, text) && !isQueued(text)) question.must = false;
    }
  }

  /** What the model is saying now, to all or to one of them, may be ended. */
  async #excuse(tab?: Tab): Promise<Stored> {
    const kept = await this.#read();
    for (const call of this.model.calls) {
      if (tab && call.by !== tab.name[0]) continue;
      if (call.isOpen || (call.isComplete && !isAnswered(kept, call.question))) call.isExcused = true;
    }
    return kept;
  }

  // What has to hold.

  /** At any time. */
  async #sane() {
    for (const tab of this.#tabs) {
      expect(tab.complaints, `complaints in ${tab.name}`).toEqual([]);
      const { messages } = await this.#look(tab);
      const ids = messages.map(({ id }) => id);
      expect(
        ids.filter((id, index) => ids.indexOf(id) !== index),
        `ids that are there twice in ${tab.name}`,
      ).toEqual([]);
      const texts = messages.filter(({ role }) => role === 'user').map(({ content }) => content);
      expect(
        texts.filter((text, index) => texts.indexOf(text) !== index),
        `questions that are there twice in ${tab.name}`,
      ).toEqual([]);
    }
  }

  /** Once nothing happens any more. */
  async #agree() {
    const problems = async () => {
      this.model.release(true);
      const seen = await Promise.all(this.#tabs.map(async tab => ({ name: tab.name, ...(await this.#look(tab)) })));
      const kept = await this.#read();
      if (this.model.calls.some(call => call.isOpen)) return 'an answer has not ended';
      for (const { name, phase, queue, isHeld } of seen) {
        if (phase !== 'idle') return `${name} is ${phase}`;
        if (queue.length && !isHeld) return `${name} does not send what waits: ${queue.join()}`;
      }
      return seen.flatMap(tab => this.#differences(tab, kept)).join('\n');
    };
    await expect.poll(problems, { timeout: 20_000, message: 'all agree' }).toBe('');
    // And nothing of that was on its way to somewhere else.
    await expect.poll(problems, { message: 'all still agree' }).toBe('');
    const kept = await this.#read();
    const seen = await Promise.all(this.#tabs.map(tab => this.#look(tab)));
    expect([...this.#lost(kept, seen), ...this.#insane(kept)], 'what is wrong in the store').toEqual([]);
  }

  #differences({ name, conversation, messages }: Seen & { name: string }, kept: Stored): string[] {
    const stored = kept.messages[conversation];
    // What the page itself has begun with is not kept while nobody answers.
    if (!stored && messages.every(({ content }) => content === 'Greeting')) return [];
    const [here, there] = [messages, stored ?? []].map(list => list.map(told));
    return here!.join('\n') === there!.join('\n')
      ? []
      : [`${name} in ${conversation} has\n  ${here!.join('\n  ')}\nand the store\n  ${there!.join('\n  ')}`];
  }

  /** Questions that are gone, or there twice, and answers that are. */
  *#lost(kept: Stored, seen: Seen[]): Generator<string> {
    const said = Object.values(kept.messages).flat();
    const waiting = [
      ...seen.flatMap(({ queue, draft }) => [...queue, draft]),
      ...kept.conversations.flatMap(({ queue, draft }) => [...queue, draft]),
    ];
    for (const [text, { must }] of this.#questions) {
      const count = said.filter(({ role, content }) => role === 'user' && content === text).length;
      if (count > 1) yield `“${text}” is there ${count} times`;
      if (!count && must && !waiting.some(words => words.includes(text))) yield `“${text}” is lost`;
    }
    const last = new Map(this.model.calls.map(call => [call.question, call]));
    for (const { question, isComplete, isExcused } of last.values()) {
      const isThere = said.some(({ role, content }) => role === 'user' && content === question);
      if (isThere && isComplete && !isExcused && !isAnswered(kept, question)) yield `the answer to “${question}” is lost`;
    }
  }

  /** What no conversation looks like. */
  *#insane(kept: Stored): Generator<string> {
    for (const [id, messages] of Object.entries(kept.messages)) {
      if (!kept.conversations.some(conversation => conversation.id === id)) yield `${id} has messages and is not there`;
      for (const [index, { role, content, status }] of messages.entries()) {
        const before = messages[index - 1];
        if (role === 'user') {
          if (!this.#questions.has(content)) yield `nobody has asked “${content}”`;
        } else if (content !== 'Greeting') {
          const whole = answerTo(before?.content ?? '');
          const isFitting = before?.role === 'user' && (status === 'complete' ? content === whole : whole.startsWith(content));
          if (!isFitting) yield `after “${before?.content}” in ${id} comes “${content}” (${status})`;
        }
      }
    }
  }
}

/** Presses one of them, if it is there, and says what is written on it: a page in the background draws too seldom for a real click. */
const press = (buttons: Locator, index = 0): Promise<string> =>
  buttons.evaluateAll((all, at) => {
    const button = all[at] as HTMLElement | undefined;
    button?.click();
    return button ? (button.ariaLabel ?? button.innerText).split('\n')[0]! : '';
  }, index);

const isKept = (kept: Stored, text: string) => Object.values(kept.messages).some(list => list.some(({ content }) => content === text));

const isAnswered = (kept: Stored, question: string) =>
  Object.values(kept.messages).some(list =>
    list.some(({ role, content, status }) => role === 'assistant' && status === 'complete' && content === answerTo(question)),
  );

/** As a failure tells it, and so that two are the same where their texts are. */
const told = (message: ChatMessage) =>
  `${message.id.slice(0, 4)} ${message.role} “${message.content}” ${message.status} ${JSON.stringify(message, (key, value: unknown) =>
    key === 'content' || typeof value !== 'object' || !value || Array.isArray(value) ? value : inOrder(value),
  )}`;

const inOrder = (value: object) => Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));

const nextName = (name: string) => name[0] + String(Number(name.slice(1) || 1) + 1);

const ACTS = {
  send: 14,
  sendInBoth: 6,
  ask: 10,
  draft: 5,
  stop: 6,
  regenerate: 6,
  continue: 6,
  edit: 3,
  release: 6,
  newChat: 3,
  undo: 4,
  openOther: 2,
  join: 6,
  rename: 2,
  remove: 1.5,
  sendNow: 4,
  reload: 4,
  close: 2,
  crash: 1.5,
  third: 3,
  setMessages: 1.5,
  hide: 4,
  sleep: 2,
  agree: 5,
};

type Act = keyof typeof ACTS;

/** Those that may end an answer. */
const DISTURBING = new Set<Act>([
  'stop',
  'edit',
  'newChat',
  'openOther',
  'join',
  'remove',
  'reload',
  'close',
  'crash',
  'third',
  'setMessages',
]);
