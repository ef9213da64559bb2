import { expect } from '@open-wc/testing';
import type { ComplexAttributeConverter } from 'lit';
import type { ChatRequest } from '../../../src/protocol/client.ts';
import { choice, count, duration, level } from '../../../src/ui/attributes.ts';

/** What an attribute's value becomes, and the warnings that came of it. */
function read<T>(converter: ComplexAttributeConverter<T>, value: string | null): { value: T | undefined; warnings: string[] } {
  const warnings: string[] = [];
  const warn = console.warn;
  console.warn = (...words: unknown[]) => warnings.push(words.join(' '));
  try {
    return { value: converter.fromAttribute?.(value), warnings };
  } finally {
    console.warn = warn;
  }
}

function promises<T>(
  name: string,
  converter: ComplexAttributeConverter<T>,
  { reads, refuses, fallback }: { reads: [string | null, T | undefined][]; refuses: string[]; fallback: T | undefined },
) {
  describe(name, () => {
    for (const [value, expected] of reads) {
      it(`${value === null ? 'without the attribute' : JSON.stringify(value)} → ${String(expected)}, without a word`, () => {
        expect(read(converter, value)).to.deep.equal({ value: expected, warnings: [] });
      });
    }

    for (const value of refuses) {
      it(`${JSON.stringify(value)} counts as the default, with one warning that quotes it`, () => {
        const { value: got, warnings } = read(converter, value);
        expect(got).to.equal(fallback);
        expect(warnings).to.have.lengthOf(1);
        expect(warnings[0])
          .to.contain(`<ollama-chat ${name}="${value}">`)
          .and.to.match(/counts as \S/);
      });
    }
  });
}

promises('layout', choice('layout', ['inline', 'popup']), {
  reads: [
    [null, 'inline'],
    ['inline', 'inline'],
    ['popup', 'popup'],
  ],
  refuses: ['', 'Popup', ' popup', 'side', 'constructor'],
  fallback: 'inline',
});

promises('api', choice('api', ['', 'ollama', 'openai']), {
  reads: [
    [null, ''],
    ['', ''],
    ['ollama', 'ollama'],
    ['openai', 'openai'],
  ],
  refuses: ['OpenAI', 'generate'],
  fallback: '',
});

promises('timeout', duration('timeout', 300), {
  reads: [
    [null, 300],
    ['0', 0],
    ['90', 90],
    ['0.5', 0.5],
    [' 90 ', 90],
    ['500ms', 0.5],
    ['30s', 30],
    ['5m', 300],
    ['1.5 m', 90],
    ['1h', 3600],
  ],
  refuses: ['', 'never', '-1', '5 minutes', '1m30s', '1e3', 'Infinity', '5d', '.5'],
  fallback: 300,
});

promises('retries', count('retries', 3), {
  reads: [
    [null, 3],
    ['0', 0],
    ['5', 5],
    [' 5 ', 5],
  ],
  refuses: ['', 'many', '-1', '1.5', '1e3', '3x'],
  fallback: 3,
});

const thinking = level<true | 'low' | 'medium' | 'high' | 'max'>('think', true, ['low', 'medium', 'high', 'max']);
const keeping = level<'tab' | 'browser'>('persist', 'browser', ['tab', 'browser']);

promises<ChatRequest['think']>('think', thinking, {
  reads: [
    [null, undefined],
    ['', true],
    ['true', true],
    ['false', false],
    ['low', 'low'],
    ['medium', 'medium'],
    ['high', 'high'],
    ['max', 'max'],
  ],
  refuses: ['yes', 'no', '0', 'True', 'highest', ' high'],
  fallback: undefined,
});

promises<'tab' | 'browser' | false | undefined>('persist', keeping, {
  reads: [
    [null, undefined],
    ['', 'browser'],
    ['true', 'browser'],
    ['browser', 'browser'],
    ['tab', 'tab'],
    ['false', false],
  ],
  refuses: ['session', 'Tab', 'no'],
  fallback: undefined,
});

describe('think, written back,', () => {
  for (const [value, attribute] of [
    [undefined, null],
    [true, 'true'],
    [false, 'false'],
    ['high', 'high'],
  ] as const) {
    it(`${String(value)} → ${attribute === null ? 'no attribute' : JSON.stringify(attribute)}, which reads as the same`, () => {
      expect(thinking.toAttribute?.(value)).to.equal(attribute);
      expect(read(thinking, attribute).value).to.equal(value);
    });
  }
});
