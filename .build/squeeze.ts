/** Once more over what Vite's minifier has made: half a kilobyte less to load, and the same words on a page that is no UTF-8. */
import { minify } from 'terser';
import type { Plugin } from 'vite';

/**
 * Names that only our own code inside the one-file script knows, made short there. None that the page, a library, a server
 * or a part of the script knows by its name, and none of a reactive property.
 */
export const OWN_NAMES = [
  ...['undoClear', 'thinkingSince', 'expectFocus', 'pinned', 'takeFailure'],
  ...['onLogClick', 'onSuggestion', 'onRegenerate', 'onJump', 'onSend', 'onEnter', 'onRecall', 'onContinue', 'onStop', 'onFinal'],
  ...['modelState', 'isPrivate', 'contextNotice', 'isFormula', 'isDisplay', 'isCode', 'inlines', 'standIn', 'plainNotice'],
  ...['wantedContext', 'isLocal', 'isSurelyLocal', 'mayReadMore', 'enlargeContext', 'stopLoading'],
  ...['reportFailure', 'reportAnswer', 'reportLoaded', 'speaksOllama', 'loadedAt', 'backend', 'mounted', 'unfold', 'folds'],
  ...['lookup', 'decorate', 'recall', 'onInput', 'away', 'isPopup', 'onTouch'],
  ...['fold', 'brief', 'news', 'isJson', 'lastThought', 'hostName', 'activity', 'isListed', 'remember'],
  ...['wantedThink', 'onClick'],
  // The Markdown library's.
  ...['tokenizer', 'renderer', 'parseInline', 'inlineQueue', 'inlineTokens', 'blockTokens', 'codeBlockStyle', 'inlineText', 'loose'],
  ...['startInline', 'startBlock', 'emStrong', 'emStrongMask', 'lheading', 'listing'],
  ...['inLink', 'linkInText', 'linkParenPossible', 'linkEmitted', 'lastPossibleEmStrongCloserIndex', 'lastPossibleDelCloserIndex'],
  ...['searched', 'replaced', 'escaped', 'lastToken', 'maskedSrc', 'inRawBlock', 'autolink', 'reflink'],
  ...['listitem', 'tablerow', 'tablecell'],
  // The sanitizer's.
  ...['sanitize', 'addHook', 'setConfig', 'keepAttr', 'attrValue', 'ALLOWED_TAGS', 'ALLOWED_ATTR', 'TRUSTED_TYPES_POLICY'],
  // Lit's own: a page has no use for them.
  ...['_\\$[\\w$]+', 'useDefault', 'converter', 'fromAttribute', 'toAttribute', 'isUpdatePending', 'enableUpdating', 'performUpdate'],
  ...['addController', 'hostConnected', 'hostDisconnected', 'hostUpdate', 'hostUpdated', 'willUpdate', 'createRenderRoot'],
  ...['createProperty', 'getPropertyDescriptor', 'finalize', 'elementStyles'],
];

/** @param names properties to shorten */
export const squeeze = (names: readonly string[] = []): Plugin => ({
  name: 'squeeze',
  apply: 'build',
  async generateBundle(_options, bundle) {
    for (const chunk of Object.values(bundle)) {
      if (chunk.type !== 'chunk') continue;
      const { code = '' } = await minify(chunk.code, {
        ecma: 2020,
        format: { ascii_only: true },
        compress: {
          unsafe_proto: true,
          passes: 3,
          keep_fargs: false,
          unsafe_arrows: true,
          conditionals: false,
          if_return: false,
          lhs_constants: false,
        },
        mangle: { properties: names.length ? { regex: new RegExp(`^(?:${names.join('|')})$`) } : false },
      });
      chunk.code = code;
    }
  },
});
