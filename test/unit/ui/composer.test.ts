import { expect } from '@open-wc/testing';
import { render } from 'lit';
import { en } from '../../../src/i18n/en.ts';
import { composer, type ComposerProps } from '../../../src/ui/composer.ts';

describe('the composer', () => {
  let box: HTMLElement;
  let told: string[];

  beforeEach(() => {
    told = [];
    box = document.createElement('div');
    document.body.append(box);
  });
  afterEach(() => box.remove());

  function show(props: Partial<ComposerProps> = {}): HTMLTextAreaElement {
    const tell = (what: string) => () => void told.push(what);
    const ways = { onInput: () => {}, onSend: tell('send'), onEnter: tell('enter'), onRecall: tell('recall'), onStop: tell('stop') };
    render(
      composer({ strings: en, placeholder: en.placeholder, draft: '', busy: false, isLaden: false, tools: '', ...ways, ...props }),
      box,
    );
    const field = box.querySelector('textarea');
    if (!field) throw new Error('no field');
    field.value = props.draft ?? '';
    return field;
  }

  /** Whether the browser still does what it does with this key. */
  const press = (field: HTMLTextAreaElement, key: string, more: KeyboardEventInit = {}) =>
    field.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }));

  for (const busy of [false, true]) {
    it(`brings back the last message with Up in an empty field${busy ? ', also while an answer is written' : ''}`, () => {
      expect(press(show({ busy }), 'ArrowUp')).to.equal(false);
      expect(told).to.deep.equal(['recall']);
    });
  }

  it('leaves Up to the field where there is a text', () => {
    for (const draft of ['a', ' ', '\n']) expect(press(show({ draft }), 'ArrowUp'), JSON.stringify(draft)).to.equal(true);
    expect(told).to.deep.equal([]);
  });

  it('goes by what is in the field, not by what it was last told', () => {
    const field = show();
    field.value = 'written by an extension';
    expect(press(field, 'ArrowUp')).to.equal(true);
    expect(told).to.deep.equal([]);
  });

  for (const more of [
    { shiftKey: true },
    { ctrlKey: true },
    { altKey: true },
    { metaKey: true },
    { isComposing: true },
    { keyCode: 229 },
  ] satisfies KeyboardEventInit[]) {
    it(`leaves Up to the browser with ${Object.keys(more)[0]}`, () => {
      expect(press(show(), 'ArrowUp', more)).to.equal(true);
      expect(told).to.deep.equal([]);
    });
  }

  it('leaves other keys to the field', () => {
    for (const key of ['ArrowDown', 'ArrowLeft', 'PageUp', 'Home', 'a']) expect(press(show(), key), key).to.equal(true);
    expect(told).to.deep.equal([]);
  });

  it('enters a message while an answer is written, once for each press, and its button stays Stop', () => {
    const field = show({ busy: true, draft: 'And then?' });
    expect(press(field, 'Enter')).to.equal(false);
    expect(press(field, 'Enter', { repeat: true })).to.equal(false);
    const button = box.querySelector('button');
    expect(button?.ariaLabel).to.equal(en.stop);
    expect(button?.ariaDisabled).to.equal('false');
    button?.click();
    expect(told).to.deep.equal(['enter', 'stop']);
  });
});
