/**
 * Makes the library of the Model Context Protocol, and zod with it, a private part of what is built: without what a page never runs,
 * without code that is made from text, and without a mark on the page's `globalThis`, where the page's own zod would find it.
 */
import type { Plugin } from 'vite';
import { apply, type Edit } from './edit.ts';

const edits: Edit[] = [
  {
    file: /\/zod\/v4\/core\/schemas\.js$/,
    // All that is added to what the class before it does.
    find: /(?<=\$ZodObject\.init\(inst, def\);)\s*const superParse = inst\._zod\.parse;[^]*?return superParse\(payload, ctx\);\n {4}\};/,
    digest: 'e6b699c2',
    replace: () => '',
    why: 'a faster way to read objects, by code that is made from text: a strict policy forbids it, and reports that it was asked for',
  },
  {
    file: /\/zod\/v4\/core\/core\.js$/,
    find: /\(_a = globalThis\)\.__zod_globalConfig \?\? \(_a\.__zod_globalConfig = \{\}\);\s*export const globalConfig = globalThis\.__zod_globalConfig;/,
    replace: () => 'export const globalConfig = {};',
    why: 'settings of our own: the page may have a zod, too',
  },
  {
    file: /\/zod\/v4\/core\/core\.js$/,
    find: /globalThis\.__zod_globalConfig(?=\?)/,
    replace: () => 'globalConfig',
    why: 'the same',
  },
  {
    file: /\/zod\/v4\/core\/registries\.js$/,
    find: /\(_a = globalThis\)\.__zod_globalRegistry \?\? \(_a\.__zod_globalRegistry = registry\(\)\);\s*export const globalRegistry = globalThis\.__zod_globalRegistry;/,
    replace: () => 'export const globalRegistry = registry();',
    why: 'the same for what schemas are called',
  },
];

/** Modules that a page never runs, and what stands in their place. */
const standIns: { file: RegExp; code: string; why: string }[] = [
  {
    file: /\/sdk\/dist\/esm\/validation\/ajv-provider\.js$/,
    code: 'export class AjvJsonSchemaValidator {}',
    why: 'mcp.ts gives a validator of its own; this one makes code from text',
  },
  {
    file: /\/sdk\/dist\/esm\/client\/auth\.js$/,
    code: `export class UnauthorizedError extends Error {}
      export const auth = () => { throw new UnauthorizedError(); };
      export const extractWWWAuthenticateParams = () => ({});`,
    why: 'the way to sign in by OAuth, which needs an authProvider: a page gives headers',
  },
  {
    file: /\/zod\/v3\/index\.js$/,
    code: 'export const object = undefined;',
    why: 'schemas of the version before: the library takes them from its users, and we give none',
  },
  {
    file: /\/zod-to-json-schema\/dist\/esm\/index\.js$/,
    code: 'export const zodToJsonSchema = undefined;',
    why: 'the same, as a server lists them',
  },
];

export const embedMcp = (): Plugin => {
  const missing = new Map<unknown, string>([...edits, ...standIns].map(each => [each, `${each.file} (${each.why})`]));
  return {
    name: 'embed-mcp',
    load(id) {
      const standIn = standIns.find(({ file }) => file.test(id));
      if (!standIn) return;
      missing.delete(standIn);
      return { code: standIn.code, map: null };
    },
    transform(code, id) {
      const edited = edits
        .filter(({ file }) => file.test(id))
        .reduce((text, edit) => {
          const made = apply(edit, text);
          if ('fault' in made) this.error(`${id} has ${made.fault} (${edit.why}): see .build/embed-mcp.ts`);
          missing.delete(edit);
          return made.text;
        }, code);
      return edited === code ? undefined : { code: edited, map: null };
    },
    renderChunk(code) {
      const found = /(?<![\w$.'"`])(?:Function|eval)\s*[(;,)]/.exec(code);
      if (found) this.error(`code is made from text: ${code.slice(found.index - 60, found.index + 60)}: see .build/embed-mcp.ts`);
      return null;
    },
    buildEnd(error) {
      if (error || missing.size === 0) return;
      this.error(`no file for ${[...missing.values()].join(', ')}: see .build/embed-mcp.ts`);
    },
  };
};

/**
 * For the other builds: there it is a file of its own, built by itself, which is asked for at its place below src/; or, with `folder`,
 * at that one for all who ask.
 */
export const mcpBeside = (folder?: string): Plugin => ({
  name: 'mcp-beside',
  enforce: 'pre',
  resolveId: (source, importer) =>
    importer?.includes('/src/') && /(?:^|\/)tools\/mcp$|^\.\/mcp$/.test(source)
      ? { id: folder ? `${folder}/mcp.js` : `${source}.js`, external: true }
      : undefined,
});
