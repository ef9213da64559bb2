import { expect } from '@open-wc/testing';
import { html, render } from 'lit';
import { en } from '../../../src/i18n/en.ts';
import { adopt } from '../../../src/markdown/late-styles.ts';
import { composer } from '../../../src/ui/composer.ts';
import { kit } from '../../../src/ui/kit.ts';
import { Queue, queueList, type QueueProps, styles } from '../../../src/ui/queue.ts';
import { styles as elementStyles } from '../../../src/ui/styles.ts';

const texts = (queue: Queue) => queue.items.map(({ text }) => text);

describe('Queue', () => {
  let changes: number;
  let queue: Queue;

  beforeEach(() => {
    changes = 0;
    queue = new Queue(() => changes++);
  });

  const filled = (...added: string[]) => {
    for (const text of added) queue.add(text);
    changes = 0;
  };
  const idOf = (text: string) => queue.items.find(item => item.text === text)?.id ?? '';

  it('keeps messages in the order in which they came', () => {
    filled('a', 'b', 'c');
    expect(texts(queue)).to.deep.equal(['a', 'b', 'c']);
  });

  it('keeps a text as it was written', () => {
    filled('  a\n\n<b>  ');
    expect(texts(queue)).to.deep.equal(['  a\n\n<b>  ']);
  });

  it('takes no blank text, neither new nor from an earlier visit', () => {
    queue.add(' \n\t');
    queue.restore(['', ' ']);
    expect(texts(queue)).to.deep.equal([]);
    expect(queue.held).to.equal(false);
    expect(changes).to.equal(0);
  });

  it('has an id of its own for each message, also for the same text, and after all have gone', () => {
    filled('a', 'a');
    const ids = queue.items.map(({ id }) => id);
    queue.next();
    queue.next();
    queue.restore(['a']);
    expect(new Set([...ids, ...queue.items.map(({ id }) => id)]).size).to.equal(3);
  });

  it('has a new array after each change, and leaves the old one as it was', () => {
    filled('a', 'b');
    const before = queue.items;
    queue.take();
    expect(queue.items).not.to.equal(before);
    expect(before.map(({ text }) => text)).to.deep.equal(['a', 'b']);
  });

  it('gives back the one that is asked for, else the last', () => {
    filled('a', 'b', 'c');
    expect(queue.take(idOf('b'))).to.equal('b');
    expect(texts(queue)).to.deep.equal(['a', 'c']);
    expect(queue.take()).to.equal('c');
    expect(texts(queue)).to.deep.equal(['a']);
  });

  it('gives nothing, and tells of no change, where a message has gone already', () => {
    filled('a', 'b');
    const id = idOf('a');
    queue.next();
    changes = 0;
    expect(queue.take(id)).to.equal(undefined);
    queue.remove(id);
    expect(texts(queue)).to.deep.equal(['b']);
    expect(changes).to.equal(0);
  });

  it('gives nothing, and tells of no change, where it is empty', () => {
    expect(queue.take()).to.equal(undefined);
    expect(queue.next()).to.equal(undefined);
    queue.hold();
    expect(changes).to.equal(0);
  });

  it('removes the one that is named, and no other', () => {
    filled('a', 'b', 'c');
    queue.remove(idOf('b'));
    expect(texts(queue)).to.deep.equal(['a', 'c']);
  });

  it('hands out the first to be sent, one at a time', () => {
    filled('a', 'b');
    expect(queue.next()).to.equal('a');
    expect(texts(queue)).to.deep.equal(['b']);
    expect(queue.next()).to.equal('b');
    expect(queue.next()).to.equal(undefined);
  });

  it('is held until the next one is sent', () => {
    filled('a', 'b', 'c');
    queue.hold();
    expect(queue.held).to.equal(true);
    queue.add('d');
    queue.remove(idOf('c'));
    expect(queue.held, 'after other changes').to.equal(true);
    expect(queue.next()).to.equal('a');
    expect(queue.held).to.equal(false);
    expect(texts(queue)).to.deep.equal(['b', 'd']);
  });

  it('holds nothing back of what comes after all have gone', () => {
    filled('a');
    queue.hold();
    queue.take();
    expect(queue.held).to.equal(false);
    queue.hold();
    queue.add('b');
    expect(queue.held, 'held while it was empty').to.equal(false);
  });

  it('puts what it is given back in front, and holds all of it', () => {
    filled('c');
    queue.restore(['a', 'b']);
    expect(texts(queue)).to.deep.equal(['a', 'b', 'c']);
    expect(queue.held).to.equal(true);
  });

  it('tells of each change once, when it has been made', () => {
    const seen: string[] = [];
    const told: Queue = new Queue(() => seen.push(`${texts(told)} ${told.held}`));
    told.add('a');
    told.hold();
    told.hold();
    told.restore(['b', 'c']);
    told.next();
    told.take();
    told.remove(told.items[0]?.id ?? '');
    expect(seen).to.deep.equal(['a false', 'a true', 'b,c,a true', 'c,a false', 'c false', ' false']);
  });
});

const WORDS = {
  en: { queueLabel: 'Waiting', queued: 'Goes next', queueHeld: 'Not sent', sendNow: 'Send now', takeBack: 'Edit', remove: 'Remove' },
  vi: {
    queueLabel: 'Tin nhắn đang chờ gửi',
    queued: 'Sẽ được gửi khi câu trả lời hiện tại kết thúc',
    queueHeld: 'Những tin nhắn này chưa được gửi đi và đang chờ bạn',
    sendNow: 'Gửi ngay bây giờ',
    takeBack: 'Chỉnh sửa tin nhắn',
    remove: 'Xóa tin nhắn',
  },
};
const LONG = 'A question that is much longer than what two lines of such a list can ever hold, '.repeat(20);
const WORD = 'unbreakable'.repeat(30);
const TWENTY = Array.from({ length: 20 }, (_, index) => `${index}: ${[LONG, WORD, 'short', 'one\ntwo\nthree'][index % 4]}`);

describe('the list of queued messages', () => {
  let host: HTMLElement;
  let root: ShadowRoot;
  let queue: Queue;
  let props: QueueProps;
  let told: string[];
  let draft: string;

  beforeEach(() => {
    host = document.createElement('div');
    document.body.append(host);
    root = host.attachShadow({ mode: 'open' });
    root.adoptedStyleSheets = elementStyles.flatMap(({ styleSheet }) => styleSheet ?? []);
    adopt(root, styles);
    told = [];
    draft = '';
    queue = new Queue(() => {});
    props = { words: WORDS.en, queue, onEdit: id => told.push(`edit ${id}`), onRemove: id => told.push(`remove ${id}`) };
  });
  afterEach(() => host.remove());

  /** A panel with the list where it belongs: between what else may lie there. */
  function show(...added: string[]): void {
    for (const text of added) queue.add(text);
    const nothingToDo = () => {};
    render(
      html`<section class="panel">
        <div class="header">Chat</div>
        <div class="log"><div class="column">A conversation</div></div>
        <div class="dock column">
          ${props.queue.items.length > 5 ? html`<div class="dock-notice"><span>${LONG.slice(0, 90)}</span></div>` : ''} ${queueList(kit, props)}
          ${composer({
            ...{
              strings: en,
              placeholder: en.placeholder,
              draft,
              busy: true,
              isLaden: false,
              tools: '',
              onInput: nothingToDo,
              onSend: nothingToDo,
            },
            ...{ onEnter: nothingToDo, onRecall: nothingToDo, onStop: nothingToDo },
          })}
        </div>
      </section>`,
      root,
    );
    const field = find<HTMLTextAreaElement>('textarea');
    if (field) field.value = draft;
  }

  const find = <T extends HTMLElement>(selector: string) => root.querySelector<T>(selector);
  const all = (selector: string) => [...root.querySelectorAll<HTMLElement>(selector)];
  const rows = () => all('[role=list] > li');
  const named = (name: string) => all('button').find(button => (button.ariaLabel ?? button.textContent) === name);
  const shown = () => rows().map(row => row.firstElementChild?.textContent);
  const click = (name: string, detail = 1) => named(name)?.dispatchEvent(new MouseEvent('click', { bubbles: true, detail }));
  const boxOf = (selector: string) => find(selector)?.getBoundingClientRect() ?? new DOMRect();

  it('is not there while nothing waits', () => {
    show();
    expect(all('.queue')).to.have.lengthOf(0);
    show('a');
    expect(all('.queue')).to.have.lengthOf(1);
    queue.take();
    show();
    expect(all('.queue')).to.have.lengthOf(0);
  });

  it('is a list with a name, in the order in which they will go', () => {
    show('a', 'b');
    queue.restore(['before']);
    show('c');
    expect(find('[role=list]')?.ariaLabel).to.equal('Waiting');
    expect(shown()).to.deep.equal(['before', 'a', 'b', 'c']);
  });

  it('shows a text as text', () => {
    show('<img src=x onerror=alert(1)> &amp; {text}');
    expect(shown()).to.deep.equal(['<img src=x onerror=alert(1)> &amp; {text}']);
    expect(all('.queue img')).to.have.lengthOf(0);
  });

  it('has no style in an attribute, which a strict page would refuse', () => {
    show('a', LONG);
    expect(all('.queue [style]')).to.have.lengthOf(0);
  });

  it('names each button with the beginning of its text', () => {
    show('What  is\nthis?', LONG, `${'a'.repeat(39)}😀 and more`);
    const names = all('li button').map(({ ariaLabel }) => ariaLabel);
    expect(names.slice(0, 2)).to.deep.equal(['Edit: What is this?', 'Remove: What is this?']);
    expect(names[2]).to.match(/^Edit: A question that is much longer .* …$/);
    expect(names[2]).to.have.lengthOf.below(60);
    expect(names[5], 'no half of a character').to.equal(`Remove: ${'a'.repeat(39)} …`);
  });

  it('has buttons in the language of the words', () => {
    props.words = WORDS.vi;
    show('a');
    expect(all('li button').map(({ ariaLabel, title }) => [ariaLabel, title])).to.deep.equal([
      ['Chỉnh sửa tin nhắn: a', 'Chỉnh sửa tin nhắn'],
      ['Xóa tin nhắn: a', 'Xóa tin nhắn'],
    ]);
  });

  it('edits and removes the message of the row', () => {
    show('a', 'b');
    const id = queue.items[1]?.id;
    click('Edit: b');
    click('Remove: b');
    expect(told).to.deep.equal([`edit ${id}`, `remove ${id}`]);
  });

  it('takes a double click for one click, and each press of a key for one', () => {
    show('a');
    const id = queue.items[0]?.id;
    click('Remove: a', 1);
    click('Remove: a', 2);
    expect(told).to.deep.equal([`remove ${id}`]);
    click('Edit: a', 0);
    click('Edit: a', 0);
    expect(told.slice(1)).to.deep.equal([`edit ${id}`, `edit ${id}`]);
  });

  it('says when they go', () => {
    show('a');
    expect(find('.queue [role=status]')?.textContent).to.equal('Goes next');
    expect(!!named('Send now')).to.equal(false);
  });

  it('says that they are held, and offers to send', () => {
    props.onSendNow = () => told.push('send');
    show('a');
    expect(!!named('Send now'), 'before they are held').to.equal(false);
    queue.hold();
    show();
    expect(find('.queue [role=status]')?.textContent).to.equal('Not sent');
    click('Send now');
    expect(told).to.deep.equal(['send']);
  });

  it('offers nothing to send where that cannot be', () => {
    queue.restore(['a']);
    show();
    expect(find('.queue [role=status]')?.textContent).to.equal('Not sent');
    expect(!!named('Send now')).to.equal(false);
  });

  it('leaves the focus on the same message when another one goes', () => {
    show('a', 'b', 'c');
    const button = named('Remove: b');
    button?.focus();
    queue.next();
    show('d');
    expect(root.activeElement === button).to.equal(true);
    expect(button?.ariaLabel).to.equal('Remove: b');
    expect(shown()).to.deep.equal(['b', 'c', 'd']);
  });

  it('shows no message in the place of one that has gone', () => {
    show('a', 'b');
    const [first] = rows();
    queue.next();
    show();
    expect(first?.isConnected).to.equal(false);
  });

  for (const [language, words] of Object.entries(WORDS)) {
    for (const width of [400, 320]) {
      it(`keeps the composer in a panel of ${width} × 480 (${language})`, () => {
        host.style.cssText = `inline-size: ${width}px; block-size: 480px`;
        props.words = words;
        props.onSendNow = () => {};
        draft = 'a line\n'.repeat(20);
        queue.restore(TWENTY);
        show();
        expect(boxOf('.composer').bottom).to.be.at.most(boxOf('.panel').bottom - 12);
        expect(boxOf('.composer').top).to.be.at.least(boxOf('.queue').bottom);
        expect(boxOf('.queue-line').bottom).to.be.at.most(boxOf('.composer').top);
        expect(boxOf('.queue-scroll').height, 'something of the list').to.be.at.least(28);
      });

      it(`never scrolls sideways in a panel of ${width} px, nor pushes a button out (${language})`, () => {
        host.style.cssText = `inline-size: ${width}px; block-size: 620px`;
        props.words = words;
        show(...TWENTY);
        const list = find('.queue-scroll');
        expect(list?.scrollWidth).to.equal(list?.clientWidth);
        const edge = boxOf('.queue').right;
        expect(all('li button').every(button => button.getBoundingClientRect().right <= edge)).to.equal(true);
      });
    }
  }

  it('fills at most a third of a low panel, and scrolls inside', () => {
    host.style.cssText = 'inline-size: 400px; block-size: 480px';
    show(...TWENTY);
    expect(boxOf('.queue-scroll').height).to.be.at.most(480 / 3);
    expect(find('.queue-scroll')?.scrollHeight).to.be.above(480);
  });

  it('has the last one in sight, also when another one comes', () => {
    host.style.cssText = 'inline-size: 400px; block-size: 620px';
    const last = () => rows().at(-1)?.getBoundingClientRect() ?? new DOMRect();
    show(...TWENTY);
    expect(last().bottom).to.be.at.most(boxOf('.queue-scroll').bottom + 1);
    expect(last().top).to.be.at.least(boxOf('.queue-scroll').top);
    show('one more');
    expect(last().bottom).to.be.at.most(boxOf('.queue-scroll').bottom + 1);
  });

  it('shows at most two lines of a message, and only a bit of one without an end', () => {
    host.style.cssText = 'inline-size: 400px; block-size: 620px';
    show('short', LONG, 'one\ntwo\nthree\nfour', `${WORD.repeat(1000)}`);
    const heights = all('.queued').map(text => Math.round(text.getBoundingClientRect().height));
    expect(heights).to.deep.equal([20, 40, 40, 40]);
    expect(shown()[3]).to.have.lengthOf.below(1000);
  });

  it('lets a text run in its own direction', () => {
    show('שלום');
    expect(getComputedStyle(find('.queued') ?? host).unicodeBidi).to.equal('plaintext');
  });
});
