/**
 * Every public custom property with its default, and the names that the rest of the styles use for them.
 * `light-dark()` follows the used colour scheme, so a page that declares a dark one gets a dark chat.
 */
import { css } from 'lit';

export const tokens = css`
  :host {
    --_surface: var(--ollama-chat-surface, light-dark(#fff, #191917));
    --_raised: var(--ollama-chat-raised, light-dark(#fff, #20201e));
    --_fill: var(--ollama-chat-fill, light-dark(#f3f3f1, #262624));
    --_fill-strong: var(--ollama-chat-fill-strong, light-dark(#e9e9e6, #30302d));
    --_text: var(--ollama-chat-text, light-dark(#1b1b19, #ecece8));
    --_muted: var(--ollama-chat-muted, light-dark(#6b6b66, #a1a19a));
    --_border: var(--ollama-chat-border, light-dark(#e3e3df, #353532));
    --_edge: var(--ollama-chat-edge, light-dark(#93938d, #6f6f69));
    --_accent: var(--ollama-chat-accent, light-dark(#1b1b19, #ecece8));
    --_danger: var(--ollama-chat-danger, light-dark(#b3261e, #ff9a8f));
    --_good: var(--ollama-chat-good, light-dark(#1f7a4d, #7fd1a4));
    --_link: var(--ollama-chat-link, light-dark(#1d5fbf, #8ab8ff));
    --_radius: var(--ollama-chat-radius, 16px);
    --_font: var(--ollama-chat-font, system-ui, sans-serif);
    --_code-font: var(--ollama-chat-code-font, ui-monospace, SFMono-Regular, Menlo, Consolas, monospace);

    /* Black or white, whichever stands out from the accent: at a luminance of 0.179 both have a contrast of 4.58 : 1. */
    --_stands-out: clamp(0, (0.179 - y) * 9999, 1);
    --_on-accent: color(from var(--_accent) xyz-d65 calc(0.9505 * var(--_stands-out)) var(--_stands-out) calc(1.089 * var(--_stands-out)));
  }

  :host([theme='light']) {
    color-scheme: light;
  }

  :host([theme='dark']) {
    color-scheme: dark;
  }
`;
