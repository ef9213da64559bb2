import { expect } from '@open-wc/testing';
import { en } from '../../../src/i18n/en.ts';
import { duration, fill, loadStrings } from '../../../src/i18n/strings.ts';
import { vi } from '../../../src/i18n/vi.ts';

/** Every language but English, of which they are all translations. */
const languages = { vi };

describe('every language', () => {
  const english = textsOf(en);

  for (const [lang, table] of Object.entries(languages)) {
    const texts = textsOf(table);

    it(`has every text, and no other (${lang})`, () => {
      expect([...texts.keys()].sort()).to.deep.equal([...english.keys()].sort());
    });

    it(`has the same placeholders in each text (${lang})`, () => {
      for (const [key, text] of english) expect(placeholders(texts.get(key) ?? ''), key).to.deep.equal(placeholders(text));
    });

    it(`has no text that is empty or starts or ends with a space (${lang})`, () => {
      for (const [key, text] of texts) expect(text, key).to.match(/^\S(?:.*\S)?$/su);
    });

    it(`says nothing in English (${lang})`, () => {
      for (const [key, text] of english) expect(texts.get(key), key).not.to.equal(text);
    });
  }

  it('has a title and a hint for each failure', () => {
    for (const table of [en, ...Object.values(languages)]) {
      for (const [kind, words] of Object.entries(table.errors)) {
        expect(words, kind).to.have.all.keys('title', 'hint');
        expect(words.title, `${kind}: a title is no sentence`).not.to.match(/[.!]$/);
        expect(words.hint, `${kind}: a hint is one`).to.match(/[.:]$/);
      }
    }
  });
});

describe('loadStrings', () => {
  const tags: Record<string, typeof en> = {
    en,
    'en-GB': en,
    vi,
    VI: vi,
    'vi-VN': vi,
    vi_VN: vi,
    'vi-Hani-VN': vi,
    de: en,
    '': en,
    '-': en,
    x: en,
    vie: en,
    'x-vi': en,
  };
  for (const [tag, table] of Object.entries(tags)) {
    it(`"${tag}" → ${table === en ? 'English' : 'Vietnamese'}`, async () => {
      expect(await loadStrings(tag)).to.equal(table);
    });
  }

  it('takes a word that every object knows for no language', async () => {
    for (const tag of ['constructor', '__proto__']) expect((await loadStrings(tag)) === en, tag).to.equal(true);
  });
});

describe('fill', () => {
  it('puts facts in their places, each as often as it is named', () => {
    expect(fill('{a} and {b}, {a}', { a: 'one', b: 2 })).to.equal('one and 2, one');
  });

  it('leaves a place whose fact is not known', () => {
    expect(fill('{a} and {b}', { a: 0, b: undefined })).to.equal('0 and {b}');
  });

  it('takes facts as they are, whatever they look like', () => {
    expect(fill('{a}{b}', { a: '{b}', b: "$& $1 $' \\" })).to.equal("{b}$& $1 $' \\");
  });
});

describe('fill, of facts that a server sent,', () => {
  it('leaves out signs that would turn the words around them', () => {
    expect(fill('The model {model} isn’t installed', { model: '\u202ex\u2066\u2069' })).to.equal('The model x isn’t installed');
  });
});

describe('duration', () => {
  const spans: [milliseconds: number, english: string, vietnamese: string][] = [
    [0, '1 s', '1 giây'],
    [400, '1 s', '1 giây'],
    [1499, '1 s', '1 giây'],
    [12_000, '12 s', '12 giây'],
    [59_499, '59 s', '59 giây'],
    [59_500, '1 min 0 s', '1 phút 0 giây'],
    [125_000, '2 min 5 s', '2 phút 5 giây'],
    [3_600_000, '60 min 0 s', '60 phút 0 giây'],
  ];
  for (const [milliseconds, english, vietnamese] of spans) {
    it(`${milliseconds} ms → ${english}`, () => {
      expect(duration(en, milliseconds)).to.equal(english);
      expect(duration(vi, milliseconds)).to.equal(vietnamese);
    });
  }
});

/** All texts of a table, by their path. */
function textsOf(table: object, path = ''): Map<string, string> {
  const texts = Object.entries(table).flatMap(([key, value]: [string, unknown]) => {
    if (typeof value === 'string') return [[path + key, value] as const];
    return [...textsOf(value as object, `${path}${key}.`)];
  });
  return new Map(texts);
}

const placeholders = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort();
