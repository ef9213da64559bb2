/**
 * `npm run docs`: writes the API tables of README.md between its markers, from the manifest.
 * With --check it only says whether they are up to date, as the tests do.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const [start, end] = ['<!-- api:start -->', '<!-- api:end -->'];

const manifest = JSON.parse(readFileSync('dist/custom-elements.json', 'utf8'));
const element = manifest.modules.flatMap(module => module.declarations).find(declaration => declaration.tagName === 'ollama-chat');
const members = element.members.filter(member => !member.static);
const fields = members.filter(member => member.kind === 'field');

const sections = [
  [
    'Attributes',
    ['attribute', 'type', 'default', ''],
    fields.filter(field => field.attribute).map(field => row(code(field.attribute), field)),
  ],
  [
    'Properties without attribute',
    ['property', 'type', 'default', ''],
    fields.filter(field => !field.attribute).map(field => row(code(field.name), field)),
  ],
  [
    'Methods',
    ['method', ''],
    members.filter(member => member.kind === 'method').map(method => [code(signature(method)), method.description]),
  ],
  ['Events', ['event', 'type', ''], list(element.events).map(event => [code(event.name), code(event.type?.text), event.description])],
  ['Slots', ['slot', ''], list(element.slots).map(slot => [code(slot.name || '(default)'), slot.description])],
  ['Parts', ['part', ''], list(element.cssParts).map(part => [code(part.name), part.description])],
  [
    'Tokens',
    ['custom property', 'default', ''],
    list(element.cssProperties).map(token => [code(token.name), code(token.default), token.description]),
  ],
];
const tables = sections.filter(([, , rows]) => rows.length).map(([title, head, rows]) => `### ${title}\n\n${table(head, rows)}`);

const readme = existsSync('README.md') ? readFileSync('README.md', 'utf8') : '';
const [before, after] = [readme.indexOf(start), readme.indexOf(end)];
if (before < 0 || after < before) {
  console.log(`README.md has no ${start} … ${end}: nothing to do`);
} else {
  const fresh = `${readme.slice(0, before + start.length)}\n\n${tables.join('\n\n')}\n\n${readme.slice(after)}`;
  if (!process.argv.includes('--check')) writeFileSync('README.md', fresh);
  else if (fresh !== readme) {
    console.error('The API tables of README.md are stale: run npm run docs');
    process.exitCode = 1;
  }
}

function list(value) {
  return value ?? [];
}

function row(name, field) {
  return [name, code(field.type?.text.replace(/^\s*\|\s*| \| undefined$/g, '')), code(field.default), field.description];
}

function signature({ name, parameters = [] }) {
  return `${name}(${parameters.map(parameter => `${parameter.name}${parameter.optional ? '?' : ''}`).join(', ')})`;
}

function code(text) {
  return text ? `\`${text}\`` : '';
}

function table(head, rows) {
  const line = cells => `| ${cells.map(cell => (cell ?? '').replace(/\s+/g, ' ').replaceAll('|', '\\|').trim()).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
