/**
 * `vite` serves the demo; `vite build` makes the npm modules, `vite build --mode cdn` the one-file script,
 * `vite build --mode parts` what lies beside it, `vite build --mode mcp` and `--mode mcp-part` in both what speaks MCP.
 * `npm run build` runs all, see .build/build.mjs.
 */
import { readFileSync } from 'node:fs';
import { defineConfig, type UserConfig } from 'vite';
import { embedLibraries } from './.build/embed-libraries.ts';
import { embedMcp, mcpBeside } from './.build/embed-mcp.ts';
import { partsBeside } from './.build/parts-beside.ts';
import { minifyTemplates } from './.build/minify-templates.ts';
import { OWN_NAMES, squeeze } from './.build/squeeze.ts';
import { ollamaDemo } from './demo/ollama/vite-plugin.ts';

const { version } = JSON.parse(readFileSync(new URL('./package.json', import.meta.url), 'utf8')) as { version: string };

/** Readable modules for a bundler; the libraries stay imports, so that a page holds each only once. */
const npm: UserConfig = {
  plugins: [mcpBeside(), minifyTemplates()],
  build: {
    emptyOutDir: false,
    minify: false,
    lib: { entry: ['src/index.ts', 'src/define.ts', 'src/ollama-chat.ts', 'src/client/index.ts'], formats: ['es'] },
    rolldownOptions: {
      external: [
        ...[/^lit(\/|$)/, /^@lit\//, 'marked', 'dompurify', 'idb', 'temml', /^@speed-highlight\/core\//, '@cfworker/json-schema'],
        /^eventsource-parser(\/|$)/,
      ],
      // Module for module as in src/, so that declarations and manifest name files that exist.
      output: {
        preserveModules: true,
        preserveModulesRoot: 'src',
        // The compiler's own helper would get a path with its version in it.
        entryFileNames: ({ name }) => `${name.replace(/^_virtual\/.*\//, 'compiled/')}.js`,
      },
    },
  },
};

/** A classic script with everything inside. */
const cdn: UserConfig = {
  plugins: [partsBeside(), minifyTemplates(), embedLibraries(), squeeze(OWN_NAMES)],
  define: { 'process.env.NODE_ENV': '"production"' },
  build: {
    outDir: 'dist/cdn',
    // The name is only used if define.ts exports something, which it does not.
    lib: { entry: 'src/define.ts', formats: ['iife'], name: 'OllamaChat', fileName: () => 'ollama-chat.js' },
    rolldownOptions: {
      checks: { pluginTimings: false },
      output: {
        minify: true,
        comments: false,
        postBanner: `/*! ollama-chat ${version} | MIT | with lit, marked, DOMPurify: see ollama-chat.LICENSES.txt */`,
      },
    },
  },
};

/** What the classic script fetches from beside itself when it is first needed. */
const parts: UserConfig = {
  plugins: [mcpBeside('.'), minifyTemplates(), squeeze()],
  build: {
    outDir: 'dist/cdn/parts',
    lib: {
      entry: {
        vi: 'src/i18n/vi.ts',
        'copy-by-selection': 'src/ui/copy-by-selection.ts',
        highlight: 'src/markdown/highlight.ts',
        mathml: 'src/markdown/mathml.ts',
        picture: 'src/ui/picture.ts',
        page: 'src/ui/page.ts',
        refusal: 'src/protocol/refusal.ts',
        failure: 'src/ui/failure.ts',
        context: 'src/ui/context.ts',
        'failures-en': 'src/i18n/failures-en.ts',
        'failures-vi': 'src/i18n/failures-vi.ts',
        openai: 'src/protocol/openai.ts',
        generate: 'src/protocol/generate.ts',
        headers: 'src/protocol/headers.ts',
        'own-client': 'src/protocol/own-client.ts',
        history: 'src/ui/history.ts',
        extras: 'src/ui/extras.ts',
        tools: 'src/ui/tools.ts',
        validator: 'src/tools/validator.ts',
        webmcp: 'src/tools/webmcp.ts',
      },
      formats: ['es'],
    },
    rolldownOptions: {
      output: {
        minify: true,
        chunkFileNames: '[name].js',
        // What several parts use comes once, and not in a request for each few lines.
        codeSplitting: { groups: [{ name: 'shared', minShareCount: 2, maxModuleSize: 8000 }] },
      },
    },
  },
};

/**
 * What speaks MCP, with its library inside: as a dependency that would bring a server's libraries along, and it has to be edited for
 * a strict policy. In the npm build what is a dependency anyway stays an import.
 */
const mcp: UserConfig = {
  plugins: [embedMcp()],
  build: {
    outDir: 'dist/tools',
    emptyOutDir: false,
    minify: false,
    lib: { entry: 'src/tools/mcp.ts', formats: ['es'], fileName: () => 'mcp.js' },
    rolldownOptions: {
      external: [/^eventsource-parser(\/|$)/],
      output: { comments: false, postBanner: '/*! with @modelcontextprotocol/sdk and zod, MIT: see ../cdn/ollama-chat.LICENSES.txt */' },
    },
  },
};

/** The same for the classic script: by itself, so that what other parts share is not cut up for it. */
const mcpPart: UserConfig = {
  plugins: [embedMcp(), squeeze()],
  build: {
    outDir: 'dist/cdn/parts',
    emptyOutDir: false,
    lib: { entry: 'src/tools/mcp.ts', formats: ['es'], fileName: () => 'mcp.js' },
    rolldownOptions: { checks: { pluginTimings: false }, output: { minify: true } },
  },
};

/** `npm start`. A browser opens where there is one. */
const demo: UserConfig = {
  plugins: [ollamaDemo()],
  server: { port: 5173, open: !process.env.CI },
};

export default defineConfig(({ command, mode }) => {
  if (command === 'serve') return demo;
  return { cdn, parts, mcp, 'mcp-part': mcpPart }[mode] ?? npm;
});
