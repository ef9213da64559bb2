/** What a long conversation makes the page do: counted in nodes, since times are the machine's. */
import { expect } from '@open-wc/testing';
import { render } from 'lit';
import type { ChatMessage } from '../../../src/conversation/message';
import { en } from '../../../src/i18n/en';
import { messageList } from '../../../src/ui/message-list';
import { MessageViews } from '../../../src/ui/message-views';

const LONG = 'An answer of some length, as most are. '.repeat(25);

const talk = (count: number, text: string): ChatMessage[] =>
  Array.from({ length: count }, (_, index) => ({
    id: `m${index}`,
    role: index % 2 ? 'assistant' : 'user',
    content: text,
    status: 'complete',
  }));

describe('the list of messages', () => {
  let list: HTMLElement;
  let views: MessageViews;
  const mounted = new Set<string>();

  beforeEach(() => {
    list = document.body.appendChild(document.createElement('div'));
    views = new MessageViews(() => ({ strings: en, codeRenderers: {}, imageSources: '', linkSources: '', isJson: false }));
  });
  afterEach(() => list.remove());

  /** Returns the messages whose nodes came or went by that. */
  function show(messages: ChatMessage[], more = mounted): { added: number; removed: number } {
    const observer = new MutationObserver(() => {});
    observer.observe(list, { childList: true, subtree: true });
    const nothing = () => {};
    const props = {
      strings: en,
      messages,
      reply: undefined,
      phase: 'idle',
      views,
      extras: undefined,
      onRegenerate: nothing,
      onContinue: nothing,
    };
    render(messageList({ ...props, mounted: more }), list);
    const records = observer.takeRecords();
    observer.disconnect();
    const articles = (nodes: NodeList[]) =>
      nodes
        .flatMap(all => [...all])
        .filter(node => node instanceof Element)
        .reduce((sum, node) => sum + (node.matches('article') ? 1 : node.querySelectorAll('article').length), 0);
    return {
      added: articles(records.map(({ addedNodes }) => addedNodes)),
      removed: articles(records.map(({ removedNodes }) => removedNodes)),
    };
  }

  const shown = () => list.querySelectorAll('article').length;

  it('begins a long conversation with its newest ten messages, and few nodes for each of the others', () => {
    const { added } = show(talk(2000, LONG));
    expect(shown()).to.equal(10);
    expect(added).to.equal(10);
    expect(list.querySelectorAll('.group > *').length).to.equal(10);
    expect(list.querySelectorAll('*').length).to.be.lessThan(200 + 10 * 30);
  });

  it('begins with more where those are short, so that the box is full', () => {
    show(talk(2000, 'Yes.'));
    expect(shown()).to.equal(20);
  });

  it('keeps no place for what tools gave, however many there were', () => {
    const [question, calls, answer] = talk(3, 'Go.');
    const results = talk(40, '4 °C').map((message): ChatMessage => ({ ...message, id: `r${message.id}`, role: 'tool' }));
    show([question!, { ...calls!, tool_calls: results.map(() => ({ function: { name: 'f', arguments: {} } })) }, ...results]);
    expect(list.querySelectorAll('.group').length).to.equal(1);
    expect(list.querySelectorAll('.actions').length).to.equal(1);
    show([question!, calls!, ...results, { ...answer!, role: 'assistant' }]);
    expect(list.querySelectorAll('.group').length).to.equal(1);
    expect(shown()).to.equal(3);
  });

  it('offers to go on with an answer that broke off, and not where it called tools', () => {
    const [question, answer] = talk(2, 'Go.');
    const broken = { ...answer!, status: 'interrupted' as const };
    const buttons = () =>
      [...list.querySelectorAll('.actions button')].map(button => button.textContent || button.getAttribute('aria-label'));
    show([question!, broken]);
    expect(buttons()).to.include.members(['Continue', 'Try again']);
    const stopped = { ...answer!, id: 's', status: 'stopped' as const, tool_calls: [{ function: { name: 'f', arguments: {} } }] };
    show([question!, stopped, { ...question!, id: 'r', role: 'tool' }]);
    expect(buttons()).to.include('Answer again').and.not.to.include('Continue');
  });

  it('says of thoughts that were cut that they broke off, and offers to try again', () => {
    const [question, answer] = talk(2, 'Go.');
    show([question!, { ...answer!, content: '', thinking: 'Hm', status: 'interrupted' }]);
    expect(list.querySelector('.note')?.textContent).to.equal('The answer broke off here');
    expect([...list.querySelectorAll('.actions button')].map(({ textContent }) => textContent)).to.deep.equal(['Try again']);
  });

  it('makes nothing anew where nothing has changed', () => {
    const messages = talk(2000, LONG);
    show(messages);
    expect(show(messages)).to.deep.equal({ added: 0, removed: 0 });
  });

  it('adds one message for one that comes, also where it begins a group', () => {
    const messages = talk(2004, LONG);
    show(messages.slice(0, 1995));
    for (let count = 1996; count <= messages.length; count++) {
      const { added, removed } = show(messages.slice(0, count));
      expect(added, `${count} messages`).to.equal(1);
      expect(removed, `${count} messages`).to.equal(0);
    }
  });

  it('shows a group once the reader has come near it, and touches no other', () => {
    const messages = talk(2000, LONG);
    show(messages);
    expect(show(messages, new Set(['m1980']))).to.deep.equal({ added: 10, removed: 0 });
  });
});
