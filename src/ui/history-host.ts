/** What keeping conversations needs to know of the widget. */
import type { StringOverrides, Strings } from '../i18n/strings';

/** The widget, as far as it is known here. */
export interface HistoryHost extends HTMLElement {
  draft: string;
  open: boolean;
  send(text: string): Promise<unknown>;
  clear(): void;
  focus(): void;
  requestUpdate(): void;
  readonly updateComplete: Promise<unknown>;
}

export interface HistorySurroundings {
  strings: Strings;
  overrides: StringOverrides | null;
  lang: string;
  /** How long it is kept: for the tab, in the browser, or not at all. */
  reach: 'tab' | 'browser' | false;
  /** Whose conversations these are. */
  key: string;
}
