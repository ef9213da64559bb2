import { expect } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import { html, render } from 'lit';
import type { Summary } from '../../../src/history/shelf.ts';
import { en } from '../../../src/i18n/en.ts';
import { failures } from '../../../src/i18n/failures-en.ts';
import { history as historyEn } from '../../../src/i18n/history-en.ts';
import { history as historyVi } from '../../../src/i18n/history-vi.ts';
import { vi } from '../../../src/i18n/vi.ts';
import { styles as listStyles } from '../../../src/styles/history.ts';
import { historyList, type HistoryListProps } from '../../../src/ui/history-list.ts';
import { kit } from '../../../src/ui/kit.ts';
import { styles } from '../../../src/ui/styles.ts';

const LANGUAGES = {
  en: { strings: historyEn, close: en.close, newChat: en.newChat, undo: en.undo, lang: 'en' },
  vi: { strings: historyVi, close: vi.close, newChat: vi.newChat, undo: vi.undo, lang: 'vi' },
};

const TITLES = { a: 'Weather in Hanoi', b: 'Dinner for six', c: 'A letter' };

const keep = (titles: Record<string, string>, updated = Date.now()): Summary[] =>
  Object.entries(titles).map(([id, title]) => ({ id, title, updated }));

/** What became of it: which wish, with what. */
type Wish = [name: string, ...what: unknown[]];

let host: HTMLElement;
let root: ShadowRoot;
let wishes: Wish[];
let props: HistoryListProps;

/** As the chat does it: at the end of the task that asked for it. */
function update(changes: Partial<HistoryListProps>) {
  Object.assign(props, changes);
  queueMicrotask(draw);
}

const draw = () => render(html`<div class="panel">${historyList(kit, props)}</div>`, root);

/** The list, and a chat around it that does what it wishes. */
function show(changes: Partial<HistoryListProps> = {}, titles: Record<string, string> = TITLES, width = 400) {
  host.style.cssText = `inline-size: ${width}px; block-size: 620px`;
  const without = (ids: readonly string[]) => props.conversations.filter(({ id }) => !ids.includes(id));
  const heard = (name: string, then: () => void = () => {}) => {
    wishes.push([name]);
    then();
  };
  props = {
    ...LANGUAGES.en,
    conversations: keep(titles),
    current: 'a',
    query: '',
    renaming: undefined,
    exporting: undefined,
    discarded: 0,
    notice: undefined,
    onClose: () => heard('close'),
    onNew: () => heard('new'),
    onOpen: id => wishes.push(['open', id]),
    onSearch: text => {
      wishes.push(['search', text]);
      update({ query: text });
    },
    onRename: id => {
      wishes.push(['rename', id]);
      update({ renaming: id });
    },
    onRenamed: (id, title) => {
      wishes.push(['renamed', id, title]);
      update({ renaming: undefined, conversations: props.conversations.map(one => (one.id === id ? { ...one, title } : one)) });
    },
    onDelete: ids => {
      wishes.push(['delete', ...ids]);
      update({ conversations: without(ids), discarded: ids.length });
    },
    onUndo: () => heard('undo', () => update({ discarded: 0 })),
    onExport: (id, ...format) => {
      wishes.push(['export', id, ...format]);
      update({ exporting: format.length ? undefined : id });
    },
    onImport: file => wishes.push(['import', file.name]),
    onDismiss: () => heard('dismiss', () => update({ notice: undefined })),
    ...changes,
  };
  draw();
}

const drawn = () => new Promise<void>(queueMicrotask).then(() => new Promise<void>(queueMicrotask));

/** It fades in, and moves meanwhile. */
const shown = () => Promise.all(root.getAnimations().map(({ finished }) => finished));

const find = <E extends HTMLElement = HTMLElement>(selector: string): E => {
  const found = root.querySelector<E>(selector);
  expect(found, selector).to.not.equal(null);
  return found as E;
};
const all = (selector: string) => [...root.querySelectorAll<HTMLElement>(selector)];

/** The name of a control as its author wrote it. */
const nameOf = (control: Element | null | undefined) =>
  control?.getAttribute('aria-label') ?? (control?.querySelector('.history-name') ?? control)?.textContent?.trim();

/** The button with this name, which is to be the only one. */
function button(name: string): HTMLElement {
  const found = all('button').filter(one => nameOf(one) === name);
  expect(found.length, `buttons named ${name}: ${all('button').map(nameOf).join(' | ')}`).to.equal(1);
  return found[0] as HTMLElement;
}

const focused = () => nameOf(root.activeElement);
const names = () => all('.history-name').map(one => one.textContent);
const search = () => find<HTMLInputElement>('[type="search"]');
const field = () => find<HTMLInputElement>('[type="text"]');

/** As a key pressed there. Returns whether it was taken, and whether anybody around heard of it. */
function press(target: Element, key: string, init: KeyboardEventInit = {}): { taken: boolean; heard: boolean } {
  let heard = false;
  const listen = () => (heard = true);
  host.addEventListener('keydown', listen);
  const event = new KeyboardEvent('keydown', { key, bubbles: true, composed: true, cancelable: true, ...init });
  target.dispatchEvent(event);
  host.removeEventListener('keydown', listen);
  return { taken: event.defaultPrevented, heard };
}

function type(target: HTMLInputElement, text: string) {
  target.value = text;
  target.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
}

beforeEach(() => {
  wishes = [];
  host = document.createElement('div');
  document.body.append(host);
  root = host.attachShadow({ mode: 'open' });
  const late = new CSSStyleSheet();
  late.replaceSync(listStyles);
  root.adoptedStyleSheets = [...styles.map(({ styleSheet }) => styleSheet as CSSStyleSheet), late];
});
afterEach(() => host.remove());

describe('the list of conversations', () => {
  it('shows them in the order they come in, and says which one is open', () => {
    show({ current: 'b' });
    expect(names()).to.deep.equal(Object.values(TITLES));
    expect(all('[aria-current="true"]').map(nameOf)).to.deep.equal(['Dinner for six']);
    expect(all('[aria-current]').length).to.equal(1);
  });

  it('covers the panel, but not what a phone’s notch takes of it', async () => {
    show();
    await shown();
    const panel = find('.panel');
    panel.style.padding = '40px 0 30px';
    expect(find('.history').offsetHeight).to.equal(panel.clientHeight);
    expect(find('.history').offsetWidth).to.equal(panel.clientWidth);
    const { top, bottom } = panel.getBoundingClientRect();
    expect(find('header').getBoundingClientRect().top).to.be.closeTo(top + 41, 0.5);
    expect(find('.history-foot').getBoundingClientRect().bottom).to.be.closeTo(bottom - 31, 0.5);
  });

  it('scrolls inside itself, so that header and foot stay', () => {
    show({}, Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`id${index}`, `Title ${index}`])));
    expect(find('.history-log').scrollHeight).to.be.greaterThan(find('.history-log').clientHeight);
    expect(find('.history').scrollHeight).to.equal(find('.history').clientHeight);
  });

  it('can be scrolled as a whole where the panel is too low for it', () => {
    show();
    host.style.blockSize = '200px';
    find('.history').scrollTop = 20;
    expect(find('.history').scrollTop).to.equal(20);
    expect(find('.history-log').clientHeight).to.be.at.least(100);
  });

  it('keeps to a column where the panel is wide', () => {
    show({}, TITLES, 1200);
    for (const selector of ['ul', '.history-top', '.history-foot > .column']) {
      const { left, right } = find(selector).getBoundingClientRect();
      const panel = find('.panel').getBoundingClientRect();
      expect(right - left, selector).to.be.lessThan(600);
      expect(left - panel.left, selector).to.be.closeTo(panel.right - right, 1);
    }
  });

  it('has no style attribute, which a strict policy would refuse', () => {
    show({ renaming: 'a', exporting: 'b', discarded: 2, notice: 'No.' });
    expect(all('.history [style]')).to.deep.equal([]);
  });

  it('with a mouse shows the buttons of the open conversation and of the one that has the focus, by touch those of all', () => {
    show();
    const isSeen = () => all('.history-ways').map(ways => getComputedStyle(ways).opacity === '1');
    const rules = root.adoptedStyleSheets.flatMap(({ cssRules }) => [...cssRules]);
    const mouse = rules.find(rule => rule instanceof CSSMediaRule && rule.media.mediaText.includes('hover')) as CSSMediaRule;
    button('Rename “Dinner for six”').focus();
    mouse.media.mediaText = 'all';
    expect(isSeen()).to.deep.equal([true, true, false]);
    mouse.media.mediaText = 'not all';
    expect(isSeen()).to.deep.equal([true, true, true]);
  });
});

describe('every wish', () => {
  const reach: Record<string, { of?: Partial<HistoryListProps>; name: string; wish: Wish }> = {
    'closing it': { name: 'Close', wish: ['close'] },
    'a new chat': { name: 'New chat', wish: ['new'] },
    'opening one': { name: 'Dinner for six', wish: ['open', 'b'] },
    'opening the open one': { name: 'Weather in Hanoi', wish: ['open', 'a'] },
    'renaming one': { name: 'Rename “Dinner for six”', wish: ['rename', 'b'] },
    'the ways to export one': { name: 'Export “Dinner for six”', wish: ['export', 'b'] },
    'folding them': { of: { exporting: 'b' }, name: 'Export “Dinner for six”', wish: ['export', undefined] },
    'exporting it to read': { of: { exporting: 'b' }, name: 'To read (Markdown)', wish: ['export', 'b', 'markdown'] },
    'exporting it to import it': { of: { exporting: 'b' }, name: 'To import again (JSON)', wish: ['export', 'b', 'json'] },
    'deleting one': { name: 'Delete “Dinner for six”', wish: ['delete', 'b'] },
    'deleting all': { name: 'Delete all', wish: ['delete', 'a', 'b', 'c'] },
    'bringing them back': { of: { discarded: 1 }, name: 'Undo', wish: ['undo'] },
    'having read a notice': { of: { notice: 'This can’t be read.' }, name: 'OK', wish: ['dismiss'] },
  };
  for (const [what, { of, name, wish }] of Object.entries(reach)) {
    it(`is one click: ${what}`, () => {
      show(of);
      button(name).click();
      expect(wishes).to.deep.equal([wish]);
    });

    it(`is one press of Enter: ${what}`, async () => {
      show(of);
      button(name).focus();
      await sendKeys({ press: 'Enter' });
      expect(wishes).to.deep.equal([wish]);
    });

    it(`leaves the focus within the view: ${what}`, async () => {
      show(of);
      button(name).focus();
      button(name).click();
      await drawn();
      expect(root.activeElement).to.not.equal(null);
    });
  }

  it('is in reach of the Tab key, in the order it is seen', async () => {
    show({ exporting: 'a', discarded: 1, notice: 'No.' }, { a: 'One' });
    find('.history').focus();
    const order = [];
    for (let count = 0; count < 13; count++) {
      await sendKeys({ press: 'Tab' });
      order.push(focused());
    }
    expect(order).to.deep.equal([
      ...['New chat', 'Close', 'Search conversations'],
      ...['One', 'Rename “One”', 'Export “One”', 'Delete “One”', 'To read (Markdown)', 'To import again (JSON)'],
      ...['Undo', 'OK', 'Import …', 'Delete all'],
    ]);
  });

  it('is one for a key that is held down', () => {
    show();
    expect(press(button('Delete “Dinner for six”'), 'Enter').taken, 'the first').to.equal(false);
    expect(press(button('Delete “Dinner for six”'), 'Enter', { repeat: true }).taken, 'the second').to.equal(true);
  });
});

describe('the Escape key', () => {
  for (const where of ['.history', '[type="search"]', '.history-open', '[aria-expanded]', '.history-foot button']) {
    it(`closes the list, and nothing around it: in ${where}`, () => {
      show();
      expect(press(find(where), 'Escape')).to.deep.equal({ taken: true, heard: false });
      expect(wishes).to.deep.equal([['close']]);
    });
  }

  it('closes nothing while it ends a composition', () => {
    show();
    expect(press(search(), 'Escape', { isComposing: true }).taken).to.equal(false);
    expect(press(search(), 'Escape', { keyCode: 229 }).taken).to.equal(false);
    expect(wishes).to.deep.equal([]);
  });
});

describe('the arrow keys', () => {
  it('go from one conversation to the next, and stay at the ends', () => {
    show();
    button('Weather in Hanoi').focus();
    const went = (key: string) => {
      expect(press(root.activeElement as Element, key).taken, 'the list does not scroll by itself').to.equal(true);
      return focused();
    };
    expect(went('ArrowUp')).to.equal('Weather in Hanoi');
    expect(went('ArrowDown')).to.equal('Dinner for six');
    expect(went('ArrowDown')).to.equal('A letter');
    expect(went('ArrowDown')).to.equal('A letter');
    expect(went('ArrowUp')).to.equal('Dinner for six');
    expect(went('Home')).to.equal('Weather in Hanoi');
    expect(went('End')).to.equal('A letter');
  });

  it('go on from a button of a conversation', () => {
    show();
    button('Delete “Dinner for six”').focus();
    press(root.activeElement as Element, 'ArrowDown');
    expect(focused()).to.equal('A letter');
    button('Rename “Dinner for six”').focus();
    press(root.activeElement as Element, 'ArrowUp');
    expect(focused()).to.equal('Weather in Hanoi');
  });

  it('go from the search to what was found', () => {
    show();
    search().focus();
    press(search(), 'ArrowDown');
    expect(focused()).to.equal('Weather in Hanoi');
  });

  it('are the field’s own while somebody writes', () => {
    show({ renaming: 'b' });
    for (const key of ['ArrowUp', 'ArrowDown', 'Home', 'End']) expect(press(field(), key).taken, key).to.equal(false);
    for (const key of ['ArrowUp', 'Home', 'End']) expect(press(search(), key).taken, key).to.equal(false);
  });

  it('with another key are the browser’s', () => {
    show();
    for (const other of ['ctrlKey', 'altKey', 'metaKey', 'shiftKey'])
      expect(press(button('A letter'), 'Home', { [other]: true }).taken, other).to.equal(false);
  });
});

describe('the search', () => {
  it('reports every change of its text, and shows what is searched for', async () => {
    show();
    type(search(), 'han');
    type(search(), '');
    expect(wishes).to.deep.equal([
      ['search', 'han'],
      ['search', ''],
    ]);
    show({ query: 'dinner' });
    expect(search().value).to.equal('dinner');
  });

  it('says to assistive technology how many were found', async () => {
    show();
    const status = all('[role="status"]').find(one => one.classList.contains('hidden')) as HTMLElement;
    expect(status.textContent).to.equal('');
    type(search(), 'han');
    await drawn();
    expect(status.textContent).to.equal('3 found');
  });

  it('that finds nothing says what there is none of', () => {
    show({ query: '<b>x</b>\u202e' }, {});
    expect(find('.history-none').textContent?.replace(/\s+/g, ' ').trim()).to.equal('Nothing found No conversation contains “<b>x</b>”.');
    expect(search().value).to.equal('<b>x</b>\u202e');
  });

  it('never offers to delete all: those that it hides would be among them', () => {
    show({ query: 'han' });
    expect(all('button').map(nameOf)).to.not.include('Delete all');
  });
});

describe('with nothing kept, the list', () => {
  it('says so, and how that changes; there is nothing to search in and nothing to delete', () => {
    show({}, {});
    expect(find('.history-none').textContent).to.contain(historyEn.nothingKept.title).and.to.contain(historyEn.nothingKept.hint);
    expect(all('[type="search"], ul, li')).to.deep.equal([]);
    expect(all('button').map(nameOf)).to.deep.equal(['New chat', 'Close', 'Import …']);
  });

  it('still says where conversations are kept', () => {
    show({}, {});
    expect(find('.history-foot').textContent).to.contain(historyEn.keptHere);
  });
});

describe('a title', () => {
  it('is shown as text, whatever it looks like', () => {
    const title = '<img src=x onerror="alert(1)"> ${1} <!--';
    show({ exporting: 'a' }, { a: title });
    expect(names()).to.deep.equal([title]);
    expect(find('.history-name').title).to.equal(title);
    expect(all('img')).to.deep.equal([]);
    button(`Delete “${title}”`);
    show({ renaming: 'a' }, { a: title });
    expect(field().value).to.equal(title);
  });

  it('of 5,000 characters is neither shown nor read out as a whole, and cut between characters', () => {
    show({ exporting: 'a' }, { a: 'A'.repeat(119) + '😀'.repeat(2440) });
    for (const control of all('.history-row button, [role="group"]')) expect(nameOf(control)?.length).to.be.lessThan(150);
    expect(find('.history-name').textContent).to.equal(`${'A'.repeat(119)}…`);
  });

  it('of many words keeps to one line', () => {
    show({}, { a: 'many words '.repeat(500) });
    expect(find('.history-name').offsetHeight).to.be.lessThan(30);
  });

  it('that breaks lines is one line, and editing it is no change', async () => {
    show({ renaming: 'b' }, { a: 'One', b: ' Two\n\n lines\t' });
    expect(field().value).to.equal('Two lines');
    field().dispatchEvent(new FocusEvent('blur'));
    expect(wishes).to.deep.equal([['rename', undefined]]);
  });

  it('in another direction turns nothing around it', () => {
    show({}, { a: '\u202eABC\u2067', b: 'عاصمة المغرب' });
    expect(all('.history-name').map(one => getComputedStyle(one).unicodeBidi)).to.deep.equal(['plaintext', 'plaintext']);
    button('Delete “ABC”');
    button('Delete “عاصمة المغرب”');
  });

  it('that is not there has a word in its place', () => {
    show({}, { a: '', b: ' \n' });
    expect(names()).to.deep.equal(['Untitled', 'Untitled']);
    expect(all('.history-ways button').map(nameOf).slice(0, 3)).to.deep.equal([
      'Rename “Untitled”',
      'Export “Untitled”',
      'Delete “Untitled”',
    ]);
    show({ renaming: 'a' }, { a: '' });
    expect(field().value).to.equal('');
  });
});

describe('a conversation that is renamed', () => {
  it('has a field with the old title in its place, selected', async () => {
    show();
    button('Rename “Dinner for six”').click();
    await drawn();
    expect(focused()).to.equal('New title of “Dinner for six”');
    const { value, selectionStart, selectionEnd } = field();
    expect(value.slice(selectionStart ?? 0, selectionEnd ?? 0)).to.equal('Dinner for six');
    expect(names()).to.deep.equal(['Weather in Hanoi', 'A letter']);
  });

  it('gets what was typed by Enter, once, and the focus back', async () => {
    show();
    button('Rename “Dinner for six”').click();
    await drawn();
    await sendKeys({ type: ' Lunch  for two ' });
    await sendKeys({ press: 'Enter' });
    expect(wishes).to.deep.equal([
      ['rename', 'b'],
      ['renamed', 'b', 'Lunch for two'],
    ]);
    expect(focused()).to.equal('Lunch for two');
  });

  it('gets it when the field is left for something else, once, and takes nothing back', async () => {
    show();
    button('Rename “Dinner for six”').click();
    await drawn();
    await sendKeys({ type: 'Lunch' });
    search().focus();
    await drawn();
    expect(wishes).to.deep.equal([
      ['rename', 'b'],
      ['renamed', 'b', 'Lunch'],
    ]);
    expect(focused()).to.equal('Search conversations');
  });

  it('keeps its title by Escape, which closes nothing else', async () => {
    show();
    button('Rename “Dinner for six”').click();
    await drawn();
    await sendKeys({ type: 'Lunch' });
    expect(press(field(), 'Escape')).to.deep.equal({ taken: true, heard: false });
    await drawn();
    expect(wishes).to.deep.equal([
      ['rename', 'b'],
      ['rename', undefined],
    ]);
    expect(focused()).to.equal('Dinner for six');
    expect(names()).to.deep.equal(Object.values(TITLES));
  });

  for (const [how, typed] of Object.entries({ 'nothing new': 'Dinner for six', 'nothing at all': '', 'only spaces': '  ' })) {
    it(`keeps its title where ${how} was typed`, async () => {
      show();
      button('Rename “Dinner for six”').click();
      await drawn();
      field().value = typed;
      press(field(), 'Enter');
      await drawn();
      expect(wishes).to.deep.equal([
        ['rename', 'b'],
        ['rename', undefined],
      ]);
    });
  }

  for (const key of ['Enter', 'Escape']) {
    it(`goes on being renamed where ${key} ends a composition`, async () => {
      show({ renaming: 'b' });
      field().focus();
      field().value = 'Bữa tối';
      for (const composing of [{ isComposing: true }, { keyCode: 229 }]) expect(press(field(), key, composing).taken).to.equal(false);
      await drawn();
      expect(wishes).to.deep.equal([]);
      expect(field().value).to.equal('Bữa tối');
    });
  }

  it('keeps what is being typed while the list is drawn again', async () => {
    show({ renaming: 'b' });
    field().value = 'Lun';
    update({ discarded: 1 });
    await drawn();
    expect(field().value).to.equal('Lun');
  });
});

describe('the ways to export a conversation', () => {
  it('are unfolded by a button that says so', () => {
    show();
    expect(button('Export “Dinner for six”').getAttribute('aria-expanded')).to.equal('false');
    expect(button('Export “Dinner for six”').hasAttribute('aria-controls')).to.equal(false);
    show({ exporting: 'b' });
    const open = button('Export “Dinner for six”');
    expect(open.getAttribute('aria-expanded')).to.equal('true');
    expect(nameOf(root.getElementById(open.getAttribute('aria-controls') ?? ''))).to.equal('Export “Dinner for six”');
    expect(all('[aria-expanded="true"]').length).to.equal(1);
    expect(all('.history-ways [aria-expanded]').length, 'only there').to.equal(3);
  });

  it('give the focus back as they fold', async () => {
    show({ exporting: 'b' });
    button('To read (Markdown)').focus();
    button('To read (Markdown)').click();
    await drawn();
    expect(focused()).to.equal('Export “Dinner for six”');
    expect(all('.history-formats')).to.deep.equal([]);
  });
});

describe('after a conversation is deleted', () => {
  for (const [id, then] of Object.entries({ a: 'Dinner for six', b: 'A letter', c: 'Dinner for six' })) {
    it(`the focus is on ${then}, where ${id} of a, b, c is gone`, async () => {
      show();
      button(`Delete “${TITLES[id as keyof typeof TITLES]}”`).focus();
      await sendKeys({ press: 'Enter' });
      expect(focused()).to.equal(then);
    });
  }

  it('the focus is on the list itself where none is left', async () => {
    show({}, { a: 'One' });
    button('Delete “One”').click();
    await drawn();
    expect(root.activeElement?.className).to.equal('history');
  });

  it('the one that moves up survives the second click of a double click', async () => {
    show();
    for (const detail of [1, 2, 3]) {
      find('.history-ways').lastElementChild?.dispatchEvent(new MouseEvent('click', { detail, bubbles: true }));
      await drawn();
    }
    expect(wishes).to.deep.equal([['delete', 'a']]);
  });

  it('it is said how many are gone, in a place that was there before', async () => {
    show();
    const said = find('.history-foot [role="status"]');
    expect(said.textContent).to.equal('');
    expect(all('button').map(nameOf)).to.not.include('Undo');
    update({ discarded: 1 });
    await drawn();
    expect(said.textContent).to.equal('Deleted');
    update({ discarded: 12 });
    await drawn();
    expect(said.textContent).to.equal('12 deleted');
    expect(find('.history-foot [role="status"]')).to.equal(said);
  });
});

describe('a notice', () => {
  it('is said at once, as text', () => {
    show({ notice: '<b>No</b>' });
    expect(find('[role="alert"]').textContent).to.equal('<b>No</b>');
    show();
    expect(all('[role="alert"]')).to.deep.equal([]);
  });
});

describe('a file to import', () => {
  const choose = (...files: File[]) => {
    const transfer = new DataTransfer();
    for (const file of files) transfer.items.add(file);
    const input = find<HTMLInputElement>('[type="file"]');
    input.files = transfer.files;
    input.dispatchEvent(new Event('change', { bubbles: true }));
  };

  it('is chosen by a button, among those that can be one', () => {
    show();
    let asked = 0;
    const input = find<HTMLInputElement>('[type="file"]');
    input.addEventListener('click', event => {
      event.preventDefault();
      asked++;
    });
    button('Import …').click();
    expect(asked).to.equal(1);
    expect(input.accept.split(',')).to.include.members(['.json', 'application/json']);
    expect(getComputedStyle(input).display).to.equal('none');
  });

  it('is handed on, and can be chosen again', () => {
    show();
    const file = new File(['{}'], 'a.json');
    choose(file);
    expect(find<HTMLInputElement>('[type="file"]').value).to.equal('');
    choose(file);
    choose();
    expect(wishes).to.deep.equal([
      ['import', 'a.json'],
      ['import', 'a.json'],
    ]);
  });
});

describe('when a conversation last changed', () => {
  const now = new Date();
  const day = (back: number) => new Date(now.getFullYear(), now.getMonth(), now.getDate() - back, 12);
  /** Of this year, and far from today. */
  const month = now.getMonth() < 6 ? 11 : 0;
  const format = (lang: string, time: Date, options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(lang, options).format(time);

  const said = (lang: string, updated: Date | number) => {
    show({ lang, conversations: [{ id: 'a', title: 'One', updated: Number(updated) }] });
    return root.querySelector('time')?.textContent;
  };

  it('is told by the time, today', () => {
    expect(said('en-GB', now)).to.equal(format('en-GB', now, { timeStyle: 'short' }));
  });

  it('is told by its name, yesterday', () => {
    expect(said('en', day(1))).to.equal('Yesterday');
    expect(said('vi', day(1))).to.equal('Hôm qua');
  });

  it('is told by the day of the week within a week', () => {
    for (const back of [2, 6]) expect(said('en', day(back))).to.equal(format('en', day(back), { weekday: 'long' }));
    expect(said('en', day(7))).to.not.equal(format('en', day(7), { weekday: 'long' }));
  });

  it('is told by the date, with the year where it is another', () => {
    const then = new Date(now.getFullYear(), month, 15);
    expect(said('en-GB', then)).to.equal(format('en-GB', then, { day: 'numeric', month: 'short' }));
    expect(said('en-GB', new Date(2019, 2, 5))).to.equal('5 Mar 2019');
    expect(said('vi', new Date(2019, 2, 5)))
      .to.contain('2019')
      .and.to.contain('thg');
  });

  it('is told whole where somebody points at it, and to machines', () => {
    said('en-GB', new Date(2019, 2, 5, 14, 7));
    expect(find('time').title).to.contain('5 March 2019').and.to.contain('14:07');
    expect(find('time').getAttribute('datetime')).to.equal(new Date(2019, 2, 5, 14, 7).toISOString());
  });

  for (const lang of ['en_US', '', '-', 'constructor', 'x-pirate', '%']) {
    it(`is told in some language where the page’s is none: “${lang}”`, () => {
      expect(said(lang, new Date(2019, 2, 5))).to.contain('2019');
    });
  }

  it('is not told where it is no time', () => {
    for (const time of [NaN, Infinity, 9e15]) expect(said('en', time), String(time)).to.equal(undefined);
    expect(names()).to.deep.equal(['One']);
  });
});

const LONG = 'Nghiên-cứu-khoa-học-máy-tính-và-trí-tuệ-nhân-tạo'.repeat(4);
const STATES: Record<string, { of: Partial<HistoryListProps>; titles?: Record<string, string> }> = {
  'the list': { of: {} },
  'long titles': { of: {}, titles: { a: 'W'.repeat(500), o: LONG, b: `${LONG} `.repeat(9), c: 'م'.repeat(300) } },
  'nothing kept': { of: {}, titles: {} },
  'nothing found': { of: { query: 'W'.repeat(500) }, titles: {} },
  renaming: { of: { renaming: 'b' }, titles: { a: 'One', b: LONG } },
  'the ways to export': { of: { exporting: 'b' }, titles: { a: 'One', b: LONG } },
  notices: { of: { discarded: 12_345, notice: historyVi.importErrors.newer } },
};

describe('in every state, the list', () => {
  for (const [state, { of, titles }] of Object.entries(STATES)) {
    for (const scheme of ['light', 'dark']) {
      it(`is accessible: ${state}, ${scheme}`, async () => {
        host.setAttribute('theme', scheme);
        show(of, titles);
        await shown();
        await expect(host).to.be.accessible();
      });
    }

    it(`has room in 320 px, in Vietnamese: ${state}`, () => {
      show({ ...LANGUAGES.vi, ...of }, titles, 320);
      const panel = find('.panel').getBoundingClientRect();
      for (const box of [find('.history'), find('.history-log')]) expect(box.scrollWidth, box.className).to.equal(box.clientWidth);
      for (const part of all('.history *').filter(one => !one.closest('svg, .hidden, [hidden]'))) {
        const { left, right } = part.getBoundingClientRect();
        expect(left, part.outerHTML).to.be.at.least(panel.left);
        expect(right, part.outerHTML).to.be.at.most(panel.right);
      }
    });
  }
});

describe('its words', () => {
  it('have names that no other words have: a page replaces them by these', () => {
    const others = Object.keys({ ...en, ...failures });
    expect(Object.keys(historyEn).filter(name => others.includes(name))).to.deep.equal([]);
  });
});
