import { expect } from '@open-wc/testing';
import { contextWords } from '../../../src/i18n/context-words.ts';
import { en } from '../../../src/i18n/en.ts';
import { failures as failuresEn } from '../../../src/i18n/failures-en.ts';
import { failures as failuresVi } from '../../../src/i18n/failures-vi.ts';
import { extras as extrasEn } from '../../../src/i18n/extras-en.ts';
import { extras as extrasVi } from '../../../src/i18n/extras-vi.ts';
import { history as historyEn } from '../../../src/i18n/history-en.ts';
import { history as historyVi } from '../../../src/i18n/history-vi.ts';
import { duration, fill, loadFailureStrings, loadStrings, override } from '../../../src/i18n/strings.ts';
import { vi } from '../../../src/i18n/vi.ts';

/** Each table in English, and in every other language. */
const tables = {
  'the interface': { english: en, others: { vi } },
  failures: { english: failuresEn, others: { vi: failuresVi } },
  'models and messages': { english: extrasEn, others: { vi: extrasVi } },
  'what is kept': { english: historyEn, others: { vi: historyVi } },
  'the context of a model': { english: contextWords.get('en')!, others: { vi: contextWords.get('vi')! } },
};

for (const [what, { english: table, others }] of Object.entries(tables)) {
  describe(`every language, for ${what},`, () => {
    const english = textsOf(table);

    for (const [lang, other] of Object.entries(others)) {
      const texts = textsOf(other);

      it(`has every text, and no other (${lang})`, () => {
        expect([...texts.keys()].sort()).to.deep.equal([...english.keys()].sort());
      });

      it(`has the same placeholders in each text (${lang})`, () => {
        for (const [key, text] of english) expect(placeholders(texts.get(key) ?? ''), key).to.deep.equal(placeholders(text));
      });

      it(`has no text that is empty or starts or ends with a space (${lang})`, () => {
        for (const [key, text] of [...english, ...texts]) expect(text, key).to.match(/^\S(?:.*\S)?$/su);
      });

      it(`says nothing in English (${lang})`, () => {
        for (const [key, text] of english) expect(texts.get(key), key).not.to.equal(text);
      });
    }
  });
}

it('Vietnamese is written in whole letters, as keyboards write them', () => {
  for (const [key, text] of [...textsOf(vi), ...textsOf(failuresVi)]) expect(text, key).to.equal(text.normalize('NFC'));
});

describe('every failure, in every language,', () => {
  for (const [lang, table] of Object.entries({ en: failuresEn, vi: failuresVi })) {
    for (const [kind, words] of Object.entries({ ...table.errors, ...table.variants })) {
      it(`has a title that is no sentence, and a hint that is one: ${kind} (${lang})`, () => {
        expect(words).to.have.all.keys('title', 'hint');
        expect(words.title).not.to.match(/[.!:…]$/);
        expect(words.hint).to.match(/[.:]$/);
        expect(words.title.length, 'a title is short').to.be.lessThan(70);
      });
    }
  }
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

describe('loadFailureStrings', () => {
  for (const [tag, table] of Object.entries({
    en: failuresEn,
    'vi-VN': failuresVi,
    VI: failuresVi,
    de: failuresEn,
    '': failuresEn,
    vie: failuresEn,
  })) {
    it(`"${tag}" → ${table === failuresEn ? 'English' : 'Vietnamese'}`, async () => {
      expect(await loadFailureStrings(tag)).to.equal(table);
    });
  }
});

describe('override', () => {
  const words = { send: 'Send', deep: { title: 'A title', hint: 'A hint' } };

  it('puts a page’s own words in the place of ours, however deep, and leaves the others', () => {
    expect(override(words, { send: 'Go' })).to.deep.equal({ ...words, send: 'Go' });
    expect(override(words, { deep: { hint: 'Another' } })).to.deep.equal({ send: 'Send', deep: { title: 'A title', hint: 'Another' } });
    expect(override(words, { send: '' }), 'an empty one is a choice').to.deep.equal({ ...words, send: '' });
  });

  it('changes no table', () => {
    const before = structuredClone(words);
    const after = override(words, { send: 'Go', deep: { title: 'Mine' } });
    expect(words).to.deep.equal(before);
    expect(after.deep).not.to.equal(words.deep);
  });

  it('passes over what is no text where one belongs, and what has no place', () => {
    const wrong = { send: 7, deep: 'text', other: 'x', toString: 'x' };
    expect(override(words, wrong)).to.deep.equal(words);
    for (const send of [null, undefined, true, {}, [], () => 'Go'])
      expect(override(words, { send, deep: send }), String(send)).to.deep.equal(words);
    expect(override(words, { deep: { title: null, hint: ['x'], more: 'x' } })).to.deep.equal(words);
  });

  it('takes nothing for no words', () => {
    for (const own of [undefined, null, {}, [], 'text', 7]) expect(override(words, own as object), String(own)).to.deep.equal(words);
  });

  it('is not to be tricked by names that every object knows', () => {
    const own = JSON.parse(
      '{"__proto__": {"polluted": "yes"}, "constructor": {"prototype": {"polluted": "yes"}}, "hasOwnProperty": "x"}',
    ) as object;
    const after = override(words, own);
    expect(after).to.deep.equal(words);
    expect(Object.getPrototypeOf(after)).to.equal(Object.prototype);
    expect(({} as Record<string, unknown>)['polluted']).to.equal(undefined);
    expect(Object.keys(override(words, { deep: own })).sort()).to.deep.equal(['deep', 'send']);
  });

  it('finds the words of failures in the same object as all others', () => {
    const own = { send: 'Go', errors: { unreachable: { title: 'Nobody is there' } }, variants: { stalled: { hint: 'Wait.' } } };
    expect(override(en, own)).to.deep.equal({ ...en, send: 'Go' });
    const after = override(failuresEn, own);
    expect(after.errors.unreachable).to.deep.equal({ ...failuresEn.errors.unreachable, title: 'Nobody is there' });
    expect(after.variants.stalled).to.deep.equal({ ...failuresEn.variants.stalled, hint: 'Wait.' });
    expect(after.errors.offline).to.deep.equal(failuresEn.errors.offline);
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
