/** Replies to measure with, as models write them; the same for the same shape and size. */
import { seeded } from '../support/seeded.mjs';

const WORDS =
  'the a each your every one model server answer token buffer window reader signal queue page line stream cache index path value request result timer update render memory thread layout paints reads keeps writes waits returns closes grows moves splits counts joins before after while because under over without again slowly twice always only still mostly naïve café'.split(
    ' ',
  );

function writer(seed) {
  const random = seeded(seed);
  const pick = from => from[Math.floor(random() * from.length)];
  const some = (least, most, make) => Array.from({ length: least + Math.floor(random() * (most - least + 1)) }, (_, index) => make(index));
  const words = (least, most) => some(least, most, () => pick(WORDS)).join(' ');
  const inline = () =>
    pick([
      () => words(3, 9),
      () => words(3, 9),
      () => `**${words(1, 3)}** ${words(2, 5)}`,
      () => `\`${words(1, 1)}.${words(1, 1)}\` ${words(2, 5)}`,
      () => `*${words(1, 2)}*, [${words(1, 3)}](https://example.com/${words(1, 1)})`,
    ])();
  const paragraph = () => some(3, 7, () => `${inline()} ${inline()}.`).join(' ');
  const items = (mark, most = 7) => some(3, most, index => `${mark(index)} ${inline()}`).join('\n');
  const code = (most = 24) =>
    `\`\`\`${pick(['js', 'python', 'sql'])}\n${some(4, most, index => `${words(1, 2).replace(' ', '_')}(${index}, "${words(1, 3)}"); // ${words(2, 5)}`).join('\n')}\n\`\`\``;
  const row = () => `| ${some(4, 4, () => inline()).join(' | ')} |`;
  const table = (most = 9) => `${row()}\n|---|:-:|--:|---|\n${some(3, most, row).join('\n')}`;
  return { words, paragraph, items, code, table, inline };
}

/** What one reply is made of, over and over. */
const SHAPES = {
  mixed: ({ words, paragraph, items, code, table, inline }) => [
    () => `## ${words(2, 5)}`,
    paragraph,
    paragraph,
    () => items(() => '-'),
    paragraph,
    code,
    () => items(index => `${index + 1}.`),
    table,
    () => `> ${inline()}\n> ${inline()}`,
    paragraph,
  ],
  prose: ({ paragraph }) => [paragraph],
  code: ({ paragraph, code }) => [paragraph, () => code(80), () => code(60)],
  table: ({ paragraph, table }) => [paragraph, () => table(40)],
};

/** One block without end. */
const ONE = {
  paragraph: ({ inline }) => ['', () => `${inline()}. `],
  list: ({ inline }) => ['', () => `- ${inline()}\n`],
  fence: ({ words }) => ['```js\n', () => `${words(2, 6)};\n`],
};

/** @param {string} shape @param {number} kilobytes */
export function reply(shape, kilobytes) {
  const write = writer(shape.length * 1000 + 7);
  const size = kilobytes * 1024;
  const one = ONE[shape]?.(write);
  if (one) {
    let text = one[0];
    while (text.length < size) text += one[1]();
    return text;
  }
  const blocks = SHAPES[shape](write);
  let text = '# Answer';
  for (let index = 0; text.length < size; index++) text += `\n\n${blocks[index % blocks.length]()}`;
  return text;
}

/**
 * Questions and answers in turn, most answers short and some long; the newest are the same for each count.
 * @param {number} count
 */
export function conversation(count) {
  return Array.from({ length: count }, (_, index) => {
    const seed = count - index;
    const random = seeded(seed);
    const write = writer(seed);
    if (index % 2 === 0) return { role: 'user', content: `${write.words(3, 40)}?` };
    const blocks = SHAPES.mixed(write);
    const size = 300 + 6000 * random() ** 2;
    let content = write.paragraph();
    for (let at = Math.floor(random() * blocks.length); content.length < size; at++) content += `\n\n${blocks[at % blocks.length]()}`;
    return { role: 'assistant', content };
  });
}

/** Cut as tokens are: about four characters each. */
export function tokens(text) {
  const random = seeded(42);
  const pieces = [];
  for (let at = 0; at < text.length;) {
    const length = 1 + Math.floor(random() * 7);
    pieces.push(text.slice(at, at + length));
    at += length;
  }
  return pieces;
}
