import { expect, waitUntil } from '@open-wc/testing';
import { Conversation } from '../../../src/conversation/conversation.ts';
import { type ChatMessage, type ChatMessageInput, createId, createMessage } from '../../../src/conversation/message.ts';
import { Keeper } from '../../../src/history/keeper.ts';
import { NewsChannel, type Written } from '../../../src/history/news.ts';
import type { Desk } from '../../../src/history/shelf.ts';
import { done, ScriptedClient, text } from '../conversation/scripted-client.ts';
import { MemoryShelf, saying, Store } from './memory-shelf.ts';

/** One tab: several of them in this page are to each other as several tabs of a browser. */
class Tab {
  readonly client = new ScriptedClient();
  readonly shelf: MemoryShelf;
  readonly desk: { draft: string; queue: readonly string[] } = { draft: '', queue: [] };
  readonly faults: string[] = [];
  /** What was opened, and what the composer was handed. */
  readonly opened: { id: string; desk: Desk | undefined }[] = [];
  readonly conversation: Conversation;
  readonly keeper: Keeper;

  constructor(
    readonly store: Store,
    readonly scope: string,
    isLibrary = true,
  ) {
    this.shelf = new MemoryShelf(store, isLibrary);
    this.conversation = new Conversation(async signal => {
      await this.keeper.claim(signal);
      return { client: this.client, request: { model: 'tiny' }, system: '' };
    });
    this.keeper = new Keeper({
      ...{ conversation: this.conversation, shelf: this.shelf, scope },
      desk: () => ({ ...this.desk }),
      onOpen: (id, desk) => this.opened.push({ id, desk }),
      onFault: fault => this.faults.push(fault),
      onList: () => {},
    });
    tabs.push(this);
  }

  get said(): string[] {
    return this.conversation.messages.map(saying);
  }

  get kept(): string[] | undefined {
    return this.store.said(this.keeper.id);
  }

  ask(content: string): Promise<ChatMessage | undefined> {
    const asked = this.conversation.send({ role: 'user', content });
    asked.catch(() => {});
    return asked;
  }

  /** Asks, and is answered. */
  async askAndHear(content: string, answer: string): Promise<void> {
    const asked = this.ask(content);
    await this.answer(answer);
    await asked;
  }

  /** The model answers the question that is asked last. */
  async answer(answer: string, index = this.client.calls.length): Promise<void> {
    const call = await this.client.call(index);
    await call.say(text(answer));
    void call.say(done);
  }

  /** What the model was asked with, at last. */
  get asked(): string[] {
    return this.client.calls.at(-1)?.request.messages.map(({ role, content }) => `${role}: ${content}`) ?? [];
  }
}

let tabs: Tab[] = [];
let scope = '';
let store = new Store();

const isKept = (...said: string[]) => until(() => expect(store.said('one')).to.deep.equal(said));

/** Waits until nothing is wrong with it any more. */
async function until(check: () => unknown): Promise<void> {
  let problem: unknown;
  const isFine = () => {
    try {
      check();
      return true;
    } catch (error) {
      problem = error;
      return false;
    }
  };
  await waitUntil(isFine, '', { interval: 5, timeout: 10_000 }).catch(() => {
    throw problem;
  });
}

async function open(id = 'one', isLibrary = true): Promise<Tab> {
  const tab = new Tab(store, scope, isLibrary);
  await tab.keeper.open(id);
  return tab;
}

/** Two tabs that have asked at the same time: first the one whose question is being answered, and what both have asked. */
async function askAtOnce(): Promise<[Tab, Tab, string, string]> {
  const both: [Tab, string][] = [
    [await open(), 'One'],
    [await open(), 'Two'],
  ];
  for (const [tab, question] of both) void tab.ask(question);
  const first = await Promise.any(both.map(([tab], index) => tab.client.call(0).then(() => index)));
  const [[tab, question], [other, second]] = first ? [both[1]!, both[0]!] : [both[0]!, both[1]!];
  await waitUntil(async () => (await locks()).includes('exclusive?'));
  return [tab, other, question, second];
}

/** The locks of this test's tabs: `exclusive`, `shared?` for one that waits. */
async function locks(): Promise<string[]> {
  const { held = [], pending = [] } = await navigator.locks.query();
  const ours = ({ name }: LockInfo) => name?.includes(scope);
  return [...held.filter(ours).map(({ mode }) => String(mode)), ...pending.filter(ours).map(({ mode }) => `${mode}?`)];
}

const noLocks = async () => {
  let found = await locks();
  await waitUntil(async () => !(found = await locks()).length, '', { interval: 5, timeout: 10_000 }).catch(() => {});
  expect(found).to.deep.equal([]);
};

const message = (role: 'user' | 'assistant', content: string, rest: Partial<ChatMessageInput> = {}) =>
  createMessage({ role, content, ...rest });

const BEFORE = ['user: Before', 'assistant: Yes, before'];

/** Something to come back to. */
const putBefore = (rest: Partial<Desk> = {}) =>
  store.put('one', { messages: [message('user', 'Before', { id: 'q' }), message('assistant', 'Yes, before', { id: 'a' })], ...rest });

/** Another tab that writes, and can be gone from one moment to the next. */
async function writer() {
  const channel = new NewsChannel(`ollama-chat:${scope}`, () => {});
  let release = () => {};
  const held = new Promise<void>(resolve => (release = resolve));
  // Also where the test that wanted it has failed.
  tabs.push({ keeper: { close: () => release() }, conversation: { leave: () => {} } } as unknown as Tab);
  await new Promise<void>(resolve => {
    void navigator.locks.request(`ollama-chat:${scope}:one`, () => {
      resolve();
      return held;
    });
  });
  return {
    release,
    tell: (news: Partial<Written>) => {
      channel.forget();
      channel.postWritten({
        ...{ type: 'written', conversation: 'one', from: '', stamp: '', put: [], remove: [], desk: { draft: '', queue: [] } },
        ...news,
      });
    },
    close: () => {
      release();
      channel.close();
    },
  };
}

describe('Keeper', () => {
  beforeEach(() => {
    tabs = [];
    scope = createId();
    store = new Store();
  });

  afterEach(async () => {
    for (const { keeper, conversation } of tabs) {
      keeper.close();
      conversation.leave();
    }
    await noLocks();
  });

  describe('keeps', () => {
    it('a question before the model is asked', async () => {
      const tab = await open();
      void tab.ask('Hello');
      await tab.client.call(0);
      expect(tab.kept).to.deep.equal(['user: Hello']);
    });

    it('the reply while it grows, as interrupted, and whole at its end', async () => {
      const tab = await open();
      void tab.ask('Hello');
      const call = await tab.client.call(0);
      await call.say(text('Good'));
      await isKept('user: Hello', 'assistant: Good (interrupted)');
      await call.say(text(' day'));
      void call.say(done);
      await isKept('user: Hello', 'assistant: Good day');
    });

    it('what is said, the draft and the queue for the next visit', async () => {
      putBefore({ draft: 'And', queue: ['then'] });
      const tab = await open();
      expect(tab.said).to.deep.equal(BEFORE);
      expect(tab.opened).to.have.lengthOf(1);
      expect(tab.opened[0]).to.deep.include({ id: 'one' });
      expect(tab.opened[0]?.desk).to.deep.include({ draft: 'And', queue: ['then'] });
    });

    it('what the visitor types', async () => {
      const tab = await open();
      tab.desk.draft = 'And';
      tab.keeper.touch();
      await until(() => expect(store.conversations.get('one')?.draft).to.equal('And'));
    });

    it('nothing of a chat in which nothing has happened, and writes nothing where nothing has changed', async () => {
      const fresh = await open('two');
      putBefore({ draft: 'And', queue: ['then'] });
      const old = await open();
      Object.assign(old.desk, { draft: 'And', queue: ['then'] });
      for (const tab of [fresh, old]) {
        tab.keeper.touch();
        tab.keeper.flush();
        tab.keeper.close();
        expect(tab.shelf.written).to.deep.equal([]);
      }
    });

    it('what a page says in its last moment, at once', async () => {
      const tab = await open();
      void tab.ask('Hello');
      const call = await tab.client.call(0);
      await call.say(text('Good'));
      await isKept('user: Hello', 'assistant: Good (interrupted)');
      await call.say(text(' day'));
      tab.keeper.flush();
      expect(tab.kept).to.deep.equal(['user: Hello', 'assistant: Good day (interrupted)']);
      expect(tab.shelf.written.at(-1)?.isLast).to.equal(true);
    });

    it('no conversation that the page has begun before it was there, until somebody asks in it', async () => {
      putBefore();
      const tab = new Tab(store, scope);
      tab.conversation.replace([message('assistant', 'How can I help?')]);
      await tab.keeper.open('one');
      expect(tab.said).to.deep.equal(['assistant: How can I help?']);
      tab.keeper.flush();
      expect([...store.conversations.keys()]).to.deep.equal(['one']);
      await tab.askAndHear('Hello', 'Good day');
      await until(() => expect(tab.kept).to.deep.equal(['assistant: How can I help?', 'user: Hello', 'assistant: Good day']));
      await isKept(...BEFORE);
    });

    it('a question in it that was asked before it was there', async () => {
      putBefore();
      const tab = new Tab(store, scope);
      tab.conversation.replace([message('assistant', 'How can I help?')]);
      const asked = tab.ask('Hello');
      await tab.keeper.open('one');
      await tab.answer('Good day');
      await asked;
      await until(() => expect(tab.kept).to.deep.equal(['assistant: How can I help?', 'user: Hello', 'assistant: Good day']));
      await isKept(...BEFORE);
    });

    it('the old conversation where the page begins another one later', async () => {
      putBefore();
      const tab = await open();
      tab.conversation.replace([message('assistant', 'How can I help?')]);
      expect(tab.keeper.id).not.to.equal('one');
      await tab.askAndHear('Hello', 'Good day');
      await until(() => expect(tab.kept).to.deep.equal(['assistant: How can I help?', 'user: Hello', 'assistant: Good day']));
      await isKept(...BEFORE);
    });

    it('less where the page takes a part of it away', async () => {
      putBefore();
      const tab = await open();
      tab.conversation.replace(tab.conversation.messages.slice(0, 1));
      await isKept('user: Before');
      expect(tab.keeper.id).to.equal('one');
    });

    it('for the tab alone one conversation, whatever is done to it', async () => {
      putBefore();
      const tab = await open('one', false);
      tab.conversation.clear();
      await isKept();
      tab.conversation.replace([message('user', 'Other')]);
      await isKept('user: Other');
      expect(tab.keeper.id).to.equal('one');
    });
  });

  describe('brings back what is kept', () => {
    for (const { what, stop } of [
      { what: 'a question that waits', stop: false },
      { what: 'a question that was stopped', stop: true },
    ]) {
      it(`before ${what} since before it was there`, async () => {
        putBefore();
        const tab = new Tab(store, scope);
        const release = tab.shelf.hold();
        const opening = tab.keeper.open('one');
        const asked = tab.ask('Hello');
        if (stop) {
          tab.conversation.stop();
          await asked;
        }
        release();
        await opening;
        if (stop) return isKept(...BEFORE, 'user: Hello', 'assistant:  (stopped)');
        await tab.answer('Good day');
        await asked;
        expect(tab.asked).to.deep.equal([...BEFORE, 'user: Hello']);
        await isKept(...BEFORE, 'user: Hello', 'assistant: Good day');
      });
    }

    it('of the conversation that was chosen last, however late that of another one comes', async () => {
      putBefore();
      store.put('two', { messages: [message('user', 'Two')] });
      const tab = await open('three');
      const release = tab.shelf.hold();
      const first = tab.keeper.change('two');
      const second = tab.keeper.change('one');
      release();
      await Promise.all([first, second]);
      expect([tab.keeper.id, ...tab.said]).to.deep.equal(['one', ...BEFORE]);
    });

    it('not where a new one was begun meanwhile', async () => {
      putBefore();
      const tab = await open('three');
      const release = tab.shelf.hold();
      const changing = tab.keeper.change('one');
      tab.keeper.begin();
      release();
      await changing;
      expect(tab.said).to.deep.equal([]);
      expect(tab.keeper.id).not.to.equal('one');
    });

    it('after a sleep: without what was removed meanwhile', async () => {
      putBefore();
      const tab = await open();
      store.put('one', { messages: [message('user', 'Other')] });
      await tab.keeper.open('one');
      expect([tab.keeper.id, ...tab.said]).to.deep.equal(['one', 'user: Other']);
    });
  });

  describe('on what the visitor deletes', () => {
    const saidIn = (tab: Tab) => until(() => expect(tab.said).to.deep.equal(tab.kept));

    it('takes it from the shelf and from the other tabs', async () => {
      putBefore();
      const [tab, other] = [await open(), await open()];
      await tab.askAndHear('Hello', 'Good day');
      await saidIn(other);
      tab.conversation.amend(tab.conversation.messages.slice(2));
      await isKept('user: Hello', 'assistant: Good day');
      await saidIn(other);
      await other.askAndHear('And now?', 'Now as well');
      expect(other.asked).to.deep.equal(['user: Hello', 'assistant: Good day', 'user: And now?']);
      await isKept('user: Hello', 'assistant: Good day', 'user: And now?', 'assistant: Now as well');
    });

    it('takes all of it where that is all, and none of it comes back from anywhere', async () => {
      putBefore();
      const [tab, other] = [await open(), await open()];
      tab.conversation.amend([]);
      await isKept();
      await saidIn(other);
      expect([tab.keeper.id, other.keeper.id]).to.deep.equal(['one', 'one']);
      await noLocks();
      await isKept();
      await other.askAndHear('Hello', 'Good day');
      await isKept('user: Hello', 'assistant: Good day');
      await saidIn(tab);
      expect([...store.conversations.keys()]).to.deep.equal(['one']);
    });

    it('goes on in the same conversation with a question that comes before that is written', async () => {
      putBefore();
      const tab = await open();
      tab.conversation.amend([]);
      await tab.askAndHear('Hello', 'Good day');
      expect(tab.keeper.id).to.equal('one');
      await isKept('user: Hello', 'assistant: Good day');
    });

    it('puts it back where it was', async () => {
      putBefore();
      const [tab, other] = [await open(), await open()];
      await tab.askAndHear('Hello', 'Good day');
      const before = tab.conversation.messages;
      for (const after of [before.slice(2), [...before.slice(0, 1), ...before.slice(2)], []]) {
        tab.conversation.amend(after);
        await isKept(...after.map(saying));
        expect(tab.conversation.messages).to.equal(after);
        tab.conversation.amend(before);
        await isKept(...before.map(saying));
        await saidIn(other);
      }
    });

    it('keeps the version of an answer that is shown', async () => {
      putBefore();
      const [tab, other] = [await open(), await open()];
      await tab.askAndHear('Hello', 'Good day');
      const { messages } = tab.conversation;
      tab.conversation.amend(messages.with(1, message('assistant', 'Another one')));
      await isKept('user: Before', 'assistant: Another one', 'user: Hello', 'assistant: Good day');
      await saidIn(other);
      tab.conversation.amend(messages);
      await isKept(...BEFORE, 'user: Hello', 'assistant: Good day');
      await saidIn(other);
    });

    it('then begins a new one on New chat, and leaves nothing of the emptied one in the list', async () => {
      putBefore();
      const tab = await open();
      tab.conversation.amend([]);
      await isKept();
      tab.conversation.clear();
      await tab.askAndHear('Hello', 'Good day');
      await until(() => expect(tab.kept).to.deep.equal(['user: Hello', 'assistant: Good day']));
    });
  });

  describe('on New chat', () => {
    it('leaves the conversation on the shelf, with as much of the reply as there was', async () => {
      const tab = await open();
      void tab.ask('Hello');
      const call = await tab.client.call(0);
      await call.say(text('Good'));
      tab.conversation.clear();
      expect(tab.keeper.id).not.to.equal('one');
      await isKept('user: Hello', 'assistant: Good (stopped)');
      expect(tab.said).to.deep.equal([]);
      await noLocks();
    });

    it('takes along what is in the composer', async () => {
      const tab = await open();
      await tab.askAndHear('Hello', 'Good day');
      tab.desk.draft = 'And';
      tab.keeper.touch();
      await until(() => expect(store.conversations.get('one')?.draft).to.equal('And'));
      tab.conversation.clear();
      await until(() => expect(store.conversations.get('one')?.draft).to.equal(''));
      await until(() => expect(store.conversations.get(tab.keeper.id)?.draft).to.equal('And'));
    });

    it('and Undo goes on with the old one, and with what another tab has said in it meanwhile', async () => {
      const [tab, other] = [await open(), await open()];
      await tab.askAndHear('One', 'First');
      tab.conversation.clear();
      await other.askAndHear('Two', 'Second');
      await isKept('user: One', 'assistant: First', 'user: Two', 'assistant: Second');
      tab.conversation.undoClear();
      expect(tab.keeper.id).to.equal('one');
      await until(() => expect(tab.said).to.deep.equal(store.said('one')));
      await tab.askAndHear('Three', 'Third');
      expect(tab.asked).to.deep.equal(['user: One', 'assistant: First', 'user: Two', 'assistant: Second', 'user: Three']);
    });

    it('in a tab that only follows a reply lets it go on, and Undo brings it back whole', async () => {
      const [tab, other] = [await open(), await open()];
      const asked = tab.ask('Hello');
      const call = await tab.client.call(0);
      await call.say(text('Good'));
      await until(() => expect(other.conversation.reply?.content).to.equal('Good'));
      other.conversation.clear();
      expect(other.said).to.deep.equal([]);
      await call.say(text(' day'));
      void call.say(done);
      await asked;
      await isKept('user: Hello', 'assistant: Good day');
      other.conversation.undoClear();
      await until(() => expect(other.said).to.deep.equal(['user: Hello', 'assistant: Good day']));
      await isKept('user: Hello', 'assistant: Good day');
    });

    it('in a tab that follows a reply which has grown since leaves it as it has grown', async () => {
      const [tab, other] = [await open(), await open()];
      void tab.ask('Hello');
      const call = await tab.client.call(0);
      for (const part of ['Good', ' day', ' to', ' you']) {
        await call.say(text(part));
        await until(() => expect(other.conversation.reply?.content).to.equal(tab.conversation.reply?.content));
      }
      other.conversation.clear();
      void call.say(done);
      await isKept('user: Hello', 'assistant: Good day to you');
      await noLocks();
      await isKept('user: Hello', 'assistant: Good day to you');
      expect(other.shelf.written).to.deep.equal([]);
    });
  });

  describe('in two tabs', () => {
    it('shows a reply in both as it grows, reads nothing anew for it, and lets Stop end it in either', async () => {
      const [tab, other] = [await open(), await open()];
      const asked = tab.ask('Hello');
      const call = await tab.client.call(0);
      await until(() => expect([...other.said, other.conversation.phase.name]).to.deep.equal(['user: Hello', 'waiting']));
      await call.say(text('Good'));
      await until(() => expect(other.conversation.reply?.content).to.equal('Good'));
      expect(other.conversation.isElsewhere).to.equal(true);
      expect(other.shelf.reads).to.equal(1);
      other.conversation.stop();
      expect((await asked)?.status).to.equal('stopped');
      for (const { said } of [tab, other]) expect(said.slice(0, 1)).to.deep.equal(['user: Hello']);
      await until(() => expect([other.said, other.conversation.phase.name]).to.deep.equal([tab.said, 'idle']));
      await isKept('user: Hello', 'assistant: Good (stopped)');
    });

    it('shows a reply also in a tab that comes in the middle of it', async () => {
      const tab = await open();
      void tab.ask('Hello');
      const call = await tab.client.call(0);
      await call.say(text('Good'));
      const other = await open();
      await until(() => expect(other.conversation.reply?.content).to.equal('Good'));
      void call.say(done);
      await until(() => expect(other.said).to.deep.equal(['user: Hello', 'assistant: Good']));
      expect(other.conversation.phase.name).to.equal('idle');
    });

    it('lets a question wait for the other one’s reply, and asks it with that', async () => {
      const [tab, other, first, second] = await askAtOnce();
      expect(other.client.calls).to.deep.equal([]);
      await tab.answer('Good day', 0);
      await other.answer('Good night', 0);
      expect(other.asked).to.deep.equal([`user: ${first}`, 'assistant: Good day', `user: ${second}`]);
      const all = [`user: ${first}`, 'assistant: Good day', `user: ${second}`, 'assistant: Good night'];
      await isKept(...all);
      for (const each of [tab, other]) await until(() => expect(each.said).to.deep.equal(all));
    });

    it('shows what a question waits for', async () => {
      const tab = await open();
      const other = await writer();
      void tab.ask('Two');
      const put = [message('user', 'One'), message('assistant', 'Fir', { id: 'r', status: 'interrupted' })];
      store.put('one', { messages: put, stamp: 'one' });
      other.tell({ stamp: 'one', put, writing: { id: 'r', name: 'answering' } });
      await until(() => expect(tab.said).to.deep.equal(['user: One', 'assistant: Fir (interrupted)', 'user: Two']));
      expect(tab.conversation.isElsewhere).to.equal(false);
      other.close();
    });

    it('asks nothing where Stop ends the waiting for the other one, and keeps the question', async () => {
      const tab = await open();
      const other = await writer();
      const asked = tab.ask('Hello');
      await waitUntil(async () => (await locks()).includes('exclusive?'));
      tab.conversation.stop();
      expect((await asked)?.status).to.equal('stopped');
      other.close();
      await isKept('user: Hello', 'assistant:  (stopped)');
      await noLocks();
      expect(tab.client.calls).to.deep.equal([]);
    });

    it('stops waiting where Stop leaves nothing to be kept', async () => {
      putBefore();
      const tab = await open();
      const other = await writer();
      const asked = tab.conversation.regenerate();
      await waitUntil(async () => (await locks()).includes('exclusive?'));
      tab.conversation.stop();
      await asked;
      await waitUntil(async () => !(await locks()).includes('exclusive?'));
      other.close();
      expect(tab.said).to.deep.equal(BEFORE);
    });

    it('does not answer again what the other one has answered again meanwhile', async () => {
      putBefore();
      const tab = await open();
      const other = await writer();
      const asked = tab.conversation.regenerate();
      await waitUntil(async () => (await locks()).includes('exclusive?'));
      const { messages } = store.conversations.get('one')!;
      store.put('one', { messages: [messages[0]!, message('assistant', 'Another', { id: 'b' })] });
      other.close();
      expect(await asked).to.equal(undefined);
      await until(() => expect(tab.said).to.deep.equal(['user: Before', 'assistant: Another']));
      await noLocks();
      expect(tab.client.calls).to.deep.equal([]);
      await isKept('user: Before', 'assistant: Another');
    });

    it('does not answer again what the other one has answered for the first time meanwhile', async () => {
      store.put('one', { messages: [message('user', 'Before', { id: 'a' })] });
      const tab = await open();
      const other = await writer();
      const asked = tab.conversation.regenerate();
      await waitUntil(async () => (await locks()).includes('exclusive?'));
      const { messages } = store.conversations.get('one')!;
      store.put('one', { messages: [messages[0]!, message('assistant', 'Half an', { id: 'b', status: 'interrupted' })] });
      other.close();
      expect(await asked).to.equal(undefined);
      await until(() => expect(tab.said).to.deep.equal(['user: Before', 'assistant: Half an (interrupted)']));
      await noLocks();
      expect(tab.client.calls).to.deep.equal([]);
    });

    it('asks what was sent behind it all the same', async () => {
      putBefore();
      const tab = await open();
      const other = await writer();
      void tab.conversation.regenerate();
      void tab.ask('Hello');
      await waitUntil(async () => (await locks()).includes('exclusive?'));
      const { messages } = store.conversations.get('one')!;
      store.put('one', { messages: [messages[0]!, message('assistant', 'Another', { id: 'b' })] });
      other.close();
      await tab.answer('Good day', 0);
      await isKept('user: Before', 'assistant: Another', 'user: Hello', 'assistant: Good day');
    });

    it('answers again where the other one has only typed meanwhile', async () => {
      putBefore();
      const tab = await open();
      const other = await writer();
      const asked = tab.conversation.regenerate();
      await waitUntil(async () => (await locks()).includes('exclusive?'));
      store.put('one', { ...store.conversations.get('one'), draft: 'And', stamp: 'typed' });
      other.close();
      await tab.answer('Another', 0);
      await asked;
      await isKept('user: Before', 'assistant: Another');
      expect(store.conversations.get('one')?.draft).to.equal('And');
    });

    it('ends no other reply than the one that was to be stopped', async () => {
      const tab = await open();
      void tab.ask('Hello');
      const call = await tab.client.call(0);
      const other = new NewsChannel(`ollama-chat:${scope}`, () => {});
      other.post({ type: 'stop', conversation: 'one', reply: 'an earlier one' });
      other.post({ type: 'hello', conversation: 'one' });
      // Which is answered after that.
      await new Promise<void>(resolve => {
        const answered = new NewsChannel(`ollama-chat:${scope}`, () => resolve());
        answered.post({ type: 'hello', conversation: 'one' });
        tabs.push({ keeper: answered, conversation: { leave: () => {} } } as unknown as Tab);
      });
      other.close();
      await call.say(text('Good day'));
      void call.say(done);
      await isKept('user: Hello', 'assistant: Good day');
    });

    it('shows what a tab has left that is gone without a word, and asks again', async () => {
      const tab = await open();
      const other = await writer();
      const put = [message('user', 'Hello'), message('assistant', 'Go', { id: 'r', status: 'interrupted' })];
      store.put('one', { messages: put, stamp: 'one' });
      other.tell({ stamp: 'one', put, writing: { id: 'r', name: 'answering' } });
      await until(() => expect(tab.conversation.reply?.content).to.equal('Go'));
      // More than it could tell.
      store.put('one', { messages: [put[0]!, { ...put[1]!, content: 'Good' }], stamp: 'two' });
      other.close();
      await until(() => expect(tab.said).to.deep.equal(['user: Hello', 'assistant: Good (interrupted)']));
      expect(tab.conversation.phase.name).to.equal('idle');
      void tab.conversation.continue();
      await tab.answer(' day', 0);
      await isKept('user: Hello', 'assistant: Good day');
    });

    it('follows the next reply of another tab after one that has broken off', async () => {
      const tab = await open();
      for (const id of ['r', 's']) {
        const other = await writer();
        other.tell({ writing: { id, name: 'waiting' } });
        await until(() => expect(tab.conversation.reply?.id).to.equal(id));
        other.close();
        await until(() => expect(tab.conversation.phase.name).to.equal('idle'));
      }
    });

    it('reads what is there where it has missed a writing', async () => {
      const tab = await open();
      const other = await writer();
      const messages = [message('user', 'One'), message('assistant', 'First'), message('user', 'Two')];
      store.put('one', { messages, stamp: 'three' });
      other.tell({ from: 'two', stamp: 'three', put: messages.slice(2), writing: null });
      await until(() => expect(tab.said).to.deep.equal(['user: One', 'assistant: First', 'user: Two']));
      expect(tab.shelf.reads).to.equal(2);
      other.close();
    });

    it('reads once for all that it has missed', async () => {
      const tab = await open();
      const other = await writer();
      const release = tab.shelf.hold();
      const messages = Array.from({ length: 9 }, (_, index) => message('user', String(index)));
      for (const [index, each] of messages.entries()) {
        store.put('one', { messages: messages.slice(0, index + 1), stamp: `s${index}` });
        other.tell({ from: `s${index - 1}`, stamp: `s${index}`, put: [each], writing: null });
      }
      const heard = new Promise<void>(resolve => {
        const channel = new NewsChannel(`ollama-chat:${scope}`, news => news.type === 'written' && news.writing && resolve());
        tabs.push({ keeper: channel, conversation: { leave: () => {} } } as unknown as Tab);
      });
      other.tell({ from: 's8', stamp: 's8', writing: { id: 'r', name: 'waiting' } });
      await until(() => expect(tab.shelf.reads).to.equal(2));
      await heard;
      release();
      await until(() => expect(tab.conversation.reply?.id).to.equal('r'));
      expect(tab.said).to.have.lengthOf(9);
      expect(tab.shelf.reads).to.be.at.most(3);
      other.close();
    });

    it('keeps a question that waits for the other one with what waits, where the page may be gone, and sends it if it is not', async () => {
      const [tab, other, first, second] = await askAtOnce();
      other.desk.queue = ['Later'];
      other.keeper.flush();
      expect(store.said('one')).to.deep.equal([`user: ${first}`]);
      expect(store.conversations.get('one')?.queue).to.deep.equal([second, 'Later']);
      await tab.answer('Good day', 0);
      await other.answer('Good night', 0);
      await isKept(`user: ${first}`, 'assistant: Good day', `user: ${second}`, 'assistant: Good night');
      await until(() => expect(store.conversations.get('one')?.queue).to.deep.equal(['Later']));
    });

    it('puts what another one writes in its last moment behind the answer that is on its way', async () => {
      const [tab, other, first, second] = await askAtOnce();
      other.conversation.stop();
      other.keeper.close();
      expect(store.said('one')).to.deep.equal([`user: ${first}`, `user: ${second}`, 'assistant:  (stopped)']);
      await tab.answer('Good day', 0);
      await isKept(`user: ${first}`, 'assistant: Good day', `user: ${second}`, 'assistant:  (stopped)');
      await until(() => expect(tab.said).to.deep.equal(store.said('one')));
    });

    it('shows it also where the answer comes to nothing', async () => {
      const [tab, other, first, second] = await askAtOnce();
      other.conversation.stop();
      other.keeper.flush();
      const call = await tab.client.call(0);
      call.fail(new Error('No model'));
      await until(() => expect(tab.said).to.deep.equal([`user: ${first}`, `user: ${second}`, 'assistant:  (stopped)']));
    });

    it('takes nothing that it reads for new which it has written since', async () => {
      putBefore();
      const tab = await open();
      const other = await writer();
      const release = tab.shelf.hold(true);
      other.tell({ from: 'missed', stamp: String(store.conversations.get('one')?.stamp), writing: null });
      other.tell({ from: 'missed', stamp: 'missed as well', writing: null });
      await until(() => expect(tab.shelf.reads).to.equal(2));
      tab.conversation.replace(tab.conversation.messages.slice(0, 1));
      tab.keeper.flush();
      expect(store.said('one')).to.deep.equal(['user: Before']);
      other.close();
      release();
      await noLocks();
      expect([tab.said, store.said('one')]).to.deep.equal([['user: Before'], ['user: Before']]);
    });

    it('comes back to the draft that was in it, and not to that of another one', async () => {
      const [tab, other] = [await open(), await open()];
      await tab.askAndHear('Hello', 'Good day');
      for (const [each, draft] of [
        [tab, 'Mine'],
        [other, 'Theirs'],
      ] as const) {
        each.desk.draft = draft;
        each.keeper.touch();
        await until(() => expect(store.conversations.get('one')?.draft).to.equal(draft));
      }
      await other.askAndHear('And', 'Yes');
      await until(() => expect(tab.said).to.have.lengthOf(4));
      expect(store.conversations.get('one')?.draft).to.equal('Theirs');
      tab.keeper.close();
      expect(store.conversations.get('one')?.draft).to.equal('Mine');
    });

    it('keeps the draft that was typed last, also while the other one writes', async () => {
      const [tab, other] = [await open(), await open()];
      void tab.ask('Hello');
      const call = await tab.client.call(0);
      await call.say(text('Good'));
      await until(() => expect(other.conversation.reply?.content).to.equal('Good'));
      other.desk.draft = 'And then';
      other.keeper.close();
      expect(store.conversations.get('one')?.draft).to.equal('And then');
      await call.say(text(' day'));
      void call.say(done);
      await isKept('user: Hello', 'assistant: Good day');
      await noLocks();
      expect(store.conversations.get('one')?.draft).to.equal('And then');
    });

    it('goes on following while a draft waits for its turn', async () => {
      const [tab, other] = [await open(), await open()];
      void tab.ask('Hello');
      const call = await tab.client.call(0);
      await call.say(text('Good'));
      await until(() => expect(other.conversation.reply?.content).to.equal('Good'));
      other.desk.draft = 'And then';
      other.keeper.touch();
      await waitUntil(async () => (await locks()).includes('exclusive?'));
      await call.say(text(' day'));
      await until(() => expect(other.conversation.reply?.content).to.equal('Good day'));
      void call.say(done);
      await until(() => expect(store.conversations.get('one')?.draft).to.equal('And then'));
      expect(other.said).to.deep.equal(['user: Hello', 'assistant: Good day']);
    });

    it('begins a new one where the other one has put it away, and writes nothing more of it', async () => {
      const [tab, other] = [await open(), await open()];
      void tab.ask('Hello');
      const call = await tab.client.call(0);
      await call.say(text('Good'));
      await isKept('user: Hello', 'assistant: Good (interrupted)');
      store.conversations.delete('one');
      other.keeper.tell({ type: 'gone', conversations: ['one'] });
      await until(() => expect(tab.keeper.id).not.to.equal('one'));
      expect([tab.said, tab.conversation.phase.name]).to.deep.equal([[], 'idle']);
      await noLocks();
      expect([...store.conversations.keys()]).to.deep.equal([]);
    });

    it('goes to another conversation without taking anything of the old one along', async () => {
      putBefore();
      const tab = await open('two');
      void tab.ask('Hello');
      const call = await tab.client.call(0);
      await call.say(text('Good'));
      await tab.keeper.change('one');
      expect(tab.said).to.deep.equal(BEFORE);
      await until(() => expect(store.said('two')).to.deep.equal(['user: Hello', 'assistant: Good (stopped)']));
      await isKept(...BEFORE);
      await noLocks();
    });
  });

  describe('where the store fails', () => {
    it('by being full: says so, goes on, and tries it again with the next change', async () => {
      const tab = await open();
      tab.shelf.fault = 'full';
      await tab.askAndHear('One', 'First');
      expect(tab.faults).to.include('full');
      await noLocks();
      expect(tab.kept).to.equal(undefined);
      tab.shelf.fault = undefined;
      await tab.askAndHear('Two', 'Second');
      await isKept('user: One', 'assistant: First', 'user: Two', 'assistant: Second');
    });

    it('by being full: keeps what was said here behind what another tab still could write', async () => {
      const [tab, other] = [await open(), await open()];
      tab.shelf.fault = 'full';
      await tab.askAndHear('One', 'First');
      await noLocks();
      tab.shelf.fault = undefined;
      await other.askAndHear('Two', 'Second');
      await until(() => expect(tab.said).to.deep.equal(['user: Two', 'assistant: Second', 'user: One', 'assistant: First']));
      await tab.askAndHear('Three', 'Third');
      await until(() => expect(other.said).to.deep.equal(tab.said));
      await isKept(...tab.said);
    });

    for (const fault of ['blocked', 'newer'] as const) {
      it(`by being ${fault}: says so once, answers, and keeps nothing more`, async () => {
        const tab = await open();
        tab.shelf.fault = fault;
        await tab.askAndHear('One', 'First');
        await tab.askAndHear('Two', 'Second');
        expect(tab.said).to.deep.equal(['user: One', 'assistant: First', 'user: Two', 'assistant: Second']);
        expect(tab.faults).to.deep.equal([fault]);
        tab.shelf.fault = undefined;
        tab.keeper.flush();
        expect(tab.shelf.written).to.deep.equal([]);
        await noLocks();
      });
    }

    it('from the beginning: says so, and answers', async () => {
      const tab = new Tab(store, scope);
      tab.shelf.fault = 'blocked';
      await tab.keeper.open('one');
      await tab.askAndHear('One', 'First');
      expect(tab.faults).to.deep.equal(['blocked']);
    });

    it('while it follows a reply: shows as much of it as has come', async () => {
      const tab = await open();
      const other = await writer();
      const put = [message('user', 'Hello'), message('assistant', 'Good', { id: 'r', status: 'interrupted' })];
      other.tell({ stamp: 'one', put, writing: { id: 'r', name: 'answering' } });
      await until(() => expect(tab.conversation.reply?.content).to.equal('Good'));
      tab.shelf.fault = 'blocked';
      other.tell({ from: 'two', stamp: 'three', writing: { id: 'r', name: 'answering' } });
      await until(() => expect(tab.faults).to.deep.equal(['blocked']));
      expect(tab.conversation.phase.name).to.equal('idle');
      expect(tab.said).to.deep.equal(['user: Hello', 'assistant: Good (interrupted)']);
      other.close();
    });

    it('by not being read: the model is asked after two seconds, and all is there at the end of the answer', async () => {
      const tab = await open();
      store.put('one', { messages: [message('user', 'Two'), message('assistant', 'Second')] });
      const release = tab.shelf.hold(true);
      void tab.ask('One');
      const call = await tab.client.call(0);
      await call.say(text('Fir'));
      release();
      await call.say(text('st'));
      void call.say(done);
      await isKept('user: One', 'assistant: First', 'user: Two', 'assistant: Second');
      expect(tab.asked).to.deep.equal(['user: One']);
    });

    it('by never answering: the model is asked after two seconds, the others can write, and all of it is kept once it does', async () => {
      const tab = await open();
      const release = tab.shelf.hold();
      const since = performance.now();
      const asked = tab.ask('Hello');
      await tab.client.call(0);
      expect(performance.now() - since).to.be.within(1900, 6000);
      await tab.answer('Good day', 0);
      await asked;
      await noLocks();
      const other = await open();
      await other.askAndHear('And', 'Yes');
      release();
      await until(() => expect(tab.said).to.have.lengthOf(4));
      await until(() => expect(store.said('one')).to.have.members([...tab.said]));
      await until(() => expect(other.said).to.have.members(tab.said));
    });

    it('by never bringing anything back: the model is asked after two seconds, and all is there once it does', async () => {
      putBefore();
      const tab = new Tab(store, scope);
      const release = tab.shelf.hold();
      void tab.keeper.open('one');
      const asked = tab.ask('Hello');
      await tab.answer('Good day', 0);
      await asked;
      expect(tab.said).to.deep.equal(['user: Hello', 'assistant: Good day']);
      release();
      await isKept(...BEFORE);
      await until(() => expect(tab.keeper.id).not.to.equal(''));
      tab.keeper.flush();
      expect([...store.conversations.values()].flatMap(({ messages }) => messages.map(saying))).to.have.members([
        ...BEFORE,
        ...tab.said.slice(-2),
      ]);
    });
  });

  describe('ends', () => {
    it('in the middle of a writing with all of it written, and the others hear that the reply has ended', async () => {
      const [tab, other] = [await open(), await open()];
      void tab.ask('Hello');
      const call = await tab.client.call(0);
      await call.say(text('Good'));
      await until(() => expect(other.conversation.reply?.content).to.equal('Good'));
      const release = tab.shelf.hold();
      await call.say(text(' day'));
      tab.keeper.close();
      expect(tab.shelf.isClosed).to.equal(true);
      release();
      await noLocks();
      await isKept('user: Hello', 'assistant: Good day (interrupted)');
      await until(() => expect(other.said).to.deep.equal(store.said('one')));
      expect(other.conversation.phase.name).to.equal('idle');
      await call.say(text('!'));
      await other.askAndHear('Two', 'Second');
      await isKept('user: Hello', 'assistant: Good day (interrupted)', 'user: Two', 'assistant: Second');
      expect(tab.faults).to.deep.equal([]);
    });

    it('while a question waits for another tab, which is then asked all the same', async () => {
      const tab = await open();
      const other = await writer();
      const asked = tab.ask('Hello');
      await waitUntil(async () => (await locks()).includes('exclusive?'));
      tab.keeper.close();
      await tab.answer('Good day', 0);
      expect((await asked)?.content).to.equal('Good day');
      expect(store.conversations.get('one')).to.deep.include({ messages: [], queue: ['Hello'] });
      other.close();
    });

    it('while it opens: nothing comes any more', async () => {
      putBefore();
      const tab = new Tab(store, scope);
      const release = tab.shelf.hold();
      const opening = tab.keeper.open('one');
      tab.keeper.close();
      release();
      await opening;
      expect([tab.said, tab.opened]).to.deep.equal([[], []]);
    });
  });
});
