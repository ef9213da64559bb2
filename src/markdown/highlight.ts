/**
 * Colours finished code by the CSS Custom Highlight API: ranges over its text, and not one node more, so that nothing is
 * there to sanitize and no Content-Security-Policy to offend. A part of its own, loaded at the first block of code.
 */
import bash from '@speed-highlight/core/languages/bash.js';
import c from '@speed-highlight/core/languages/c.js';
import css from '@speed-highlight/core/languages/css.js';
import diff from '@speed-highlight/core/languages/diff.js';
import docker from '@speed-highlight/core/languages/docker.js';
import go from '@speed-highlight/core/languages/go.js';
import html from '@speed-highlight/core/languages/html.js';
import http from '@speed-highlight/core/languages/http.js';
import ini from '@speed-highlight/core/languages/ini.js';
import java from '@speed-highlight/core/languages/java.js';
import js from '@speed-highlight/core/languages/js.js';
import jsdoc from '@speed-highlight/core/languages/jsdoc.js';
import json from '@speed-highlight/core/languages/json.js';
import lua from '@speed-highlight/core/languages/lua.js';
import make from '@speed-highlight/core/languages/make.js';
import pl from '@speed-highlight/core/languages/pl.js';
import py from '@speed-highlight/core/languages/py.js';
import regex from '@speed-highlight/core/languages/regex.js';
import rs from '@speed-highlight/core/languages/rs.js';
import sql from '@speed-highlight/core/languages/sql.js';
import todo from '@speed-highlight/core/languages/todo.js';
import toml from '@speed-highlight/core/languages/toml.js';
import ts from '@speed-highlight/core/languages/ts.js';
import xml from '@speed-highlight/core/languages/xml.js';
import yaml from '@speed-highlight/core/languages/yaml.js';
import { type ShjLanguageData, type ShjToken, tokenizeWith } from '@speed-highlight/core/tokenize';
import { adopt } from './late-styles';

/** Longer code stays plain. */
const LONGEST = 50_000;

/** So much is read at once: some patterns of the library cost the square of the length. */
const PIECE = 4000;

/** What the patterns of one language call another. */
const INNER = { bash, css, js, jsdoc, py, regex, todo };

/** Under the names that models write. Close relatives share a grammar: their words, strings and comments are roughly alike. */
const LANGUAGES: Record<string, ShjLanguageData> = {
  ...{ bash, sh: bash, shell: bash, zsh: bash, console: bash, c, h: c, cpp: c, 'c++': c, cc: c, hpp: c, objc: c },
  ...{ css, scss: css, less: css, diff, patch: diff, docker, dockerfile: docker, go, golang: go },
  ...{ html, htm: html, vue: html, svelte: html, http, ini, toml, properties: ini, conf: ini, nginx: bash },
  ...{ java, kotlin: java, kt: java, cs: java, csharp: java, 'c#': java, swift: java, scala: java, dart: java, php: java, groovy: java },
  ...{ js, javascript: js, mjs: js, cjs: js, jsx: js, ts, typescript: ts, tsx: ts, json, jsonc: js, json5: js, lua },
  ...{ make, makefile: make, perl: pl, pl, py, python: py, python3: py, rb: py, ruby: py, rs, rust: rs, sql, postgresql: sql, mysql: sql },
  ...{ xml, svg: xml, xhtml: xml, yaml, yml: yaml },
};

/** Which of the four colours a token has; what is not here has none. */
const COLOURS: Partial<Record<ShjToken, string>> = {
  ...{ kwd: 'word', class: 'word', section: 'word', type: 'word', bool: 'number', num: 'number' },
  ...{ str: 'string', esc: 'string', insert: 'string', cmnt: 'comment', deleted: 'deleted' },
};

const STYLES = [
  '::highlight(ollama-chat-word) { color: light-dark(#8a2f8f, #d7a0dc) }',
  '::highlight(ollama-chat-string) { color: light-dark(#1f7a4d, #8fd3a8) }',
  '::highlight(ollama-chat-number) { color: light-dark(#b0540c, #f0b27a) }',
  '::highlight(ollama-chat-comment) { color: light-dark(#6d6d67, #9a9a93) }',
  '::highlight(ollama-chat-deleted) { color: light-dark(#b3261e, #ff9a8f) }',
].join('');

interface Colour {
  highlight: Highlight;
  range: StaticRange;
}

// The registry is one for the whole document, and what is in it is kept alive: code that is gone has to be taken out.
const shown = new Map<HTMLElement, Colour[]>();
const away = new WeakMap<HTMLElement, Colour[]>();

/** A part of the code and the name of its colour, empty for none. */
interface Token {
  text: string;
  name: string;
}

/** Colours a block of code that is final. Nothing happens where the language is unknown, or the browser has no highlights. */
export async function colour(code: HTMLElement, language: string): Promise<void> {
  const name = language.toLowerCase();
  const grammar = Object.hasOwn(LANGUAGES, name) && LANGUAGES[name];
  const text = code.textContent ?? '';
  if (!grammar || text.length > LONGEST || typeof Highlight === 'undefined') return;
  const tokens = await tokensOf(text, grammar);
  const root = code.getRootNode();
  if (!(root instanceof ShadowRoot)) return;
  adopt(root, STYLES);
  show(code, rangesOf(code, tokens));
}

/** Reads long code piece by piece, each in a task of its own. A piece ends with a line that is no comment or text. */
async function tokensOf(text: string, grammar: ShjLanguageData): Promise<Token[]> {
  const tokens: Token[] = [];
  for (let at = 0; at < text.length;) {
    const read: Token[] = [];
    tokenizeWith(text.slice(at, at + PIECE), grammar, (part, kind) => read.push({ text: part, name: (kind && COLOURS[kind]) ?? '' }), {
      languages: INNER,
    });
    if (at + PIECE < text.length) cutAtLine(read);
    tokens.push(...read);
    at += read.reduce((sum, token) => sum + token.text.length, 0);
    if (at < text.length) await new Promise(resolve => setTimeout(resolve));
  }
  return tokens;
}

/** Takes off what is behind the last line end outside of everything, where there is one. */
function cutAtLine(tokens: Token[]) {
  const last = tokens.findLastIndex(({ text, name }) => !name && text.includes('\n'));
  const token = tokens[last];
  if (!token) return;
  tokens.splice(last, Infinity, { text: token.text.slice(0, token.text.lastIndexOf('\n') + 1), name: '' });
}

/** Brings the registry up to date: without code that has left the page, with what has come back to this root. */
export function refresh(root: ParentNode): void {
  for (const [code, colours] of shown) {
    if (code.isConnected) continue;
    for (const { highlight, range } of colours) highlight.delete(range);
    shown.delete(code);
    away.set(code, colours);
  }
  for (const code of root.querySelectorAll<HTMLElement>('pre code')) {
    const colours = code.isConnected && away.get(code);
    if (!colours) continue;
    away.delete(code);
    show(code, colours);
  }
}

function show(code: HTMLElement, colours: Colour[]) {
  for (const { highlight, range } of colours) highlight.add(range);
  shown.set(code, colours);
}

/** One range for each part of a token that lies in one text node: long code stands in several. */
function rangesOf(code: HTMLElement, tokens: Token[]): Colour[] {
  const texts = document.createTreeWalker(code, NodeFilter.SHOW_TEXT);
  const colours: Colour[] = [];
  let node = texts.nextNode() as Text | null;
  let at = 0;
  for (const { text, name } of tokens) {
    for (let rest = text.length; node && rest > 0;) {
      const end = Math.min(node.length, at + rest);
      if (name) {
        const range = new StaticRange({ startContainer: node, startOffset: at, endContainer: node, endOffset: end });
        colours.push({ highlight: highlightOf(`ollama-chat-${name}`), range });
      }
      rest -= end - at;
      at = end;
      if (at < node.length) continue;
      node = texts.nextNode() as Text | null;
      at = 0;
    }
  }
  return colours;
}

function highlightOf(name: string): Highlight {
  const known = CSS.highlights.get(name);
  if (known) return known;
  const highlight = new Highlight();
  CSS.highlights.set(name, highlight);
  return highlight;
}
