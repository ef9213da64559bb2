/** The language that the host stands in, as HTML inherits it, and the words of the interface in it. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { en, loadStrings, override, type StringOverrides, type Strings } from '../i18n/strings';

export class LanguageController implements ReactiveController {
  /** English until another language has come. */
  strings: Strings = en;
  language = 'en';
  #table: Strings = en;
  #overrides: StringOverrides | null = null;

  /** @param overrides the page's own words */
  constructor(
    readonly host: ReactiveControllerHost & Element,
    readonly overrides: () => StringOverrides | null,
  ) {
    host.addController(this);
  }

  /** What whoever has words to say needs. */
  get words() {
    return { strings: this.strings, overrides: this.overrides(), lang: this.language };
  }

  hostUpdate(): void {
    if (this.overrides() !== this.#overrides) this.#set(this.#table);
  }

  hostConnected(): void {
    this.host.requestUpdate();
  }

  /** After the update: until then a property that was set is not yet an attribute. */
  hostUpdated(): void {
    const language = languageOf(this.host);
    if (language === this.language) return;
    this.language = language;
    void loadStrings(language).then(strings => {
      if (language !== this.language) return;
      this.#set(strings);
      this.host.requestUpdate();
    });
  }

  #set(table: Strings) {
    this.#table = table;
    this.#overrides = this.overrides();
    this.strings = override(table, this.#overrides);
  }
}

/** The nearest `lang` around `element`, through shadow roots; where the page names none, the visitor's own. */
function languageOf(element: Element): string {
  for (let at: Element | undefined = element; at; at = hostOf(at)) {
    const lang = at.closest('[lang]')?.getAttribute('lang');
    if (lang) return canonical(lang);
  }
  return navigator.language;
}

/** Pages write `en_US`, too; what is no language at all would make the browser's own formats throw. */
function canonical(lang: string): string {
  try {
    return Intl.getCanonicalLocales(lang.replaceAll('_', '-'))[0] ?? 'en';
  } catch {
    return 'en';
  }
}

function hostOf(element: Element): Element | undefined {
  const root = element.getRootNode();
  return root instanceof ShadowRoot ? root.host : undefined;
}
