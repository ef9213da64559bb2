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
