/** Downloads a model that the server lacks, and shows how far that is. Only where the page lets its visitors. */
import { isSameModel } from '../conversation/model-choice';
import { ChatError } from '../errors';
import { duration } from '../i18n/strings';
import { pull } from '../protocol/pull';
import { formatBytesOf, formatSpeed } from './bytes';
import type { ExtrasContext } from './extras-host';
import { PullMeter } from './pull-progress';

export { styles } from '../styles/download';

/** What is known of the one that is going on, or was the last. */
interface Pull {
  model: string;
  meter: PullMeter;
  /** Why it does not go on. */
  end?: 'cancelled' | { reason: 'unknown' | 'broken' | 'other'; text: string };
}

export class Download {
  readonly #context: ExtrasContext;
  #pull: Pull | undefined;
  #controller: AbortController | undefined;
  /** An offer that the visitor does not want. */
  #declined = '';

  constructor(context: ExtrasContext) {
    this.#context = context;
  }

  /** The server keeps what has come. */
  close(): void {
    if (this.#pull && !this.#pull.end) this.#cancel(this.#pull);
  }

  /** In the log, with a failure that is of something else. */
  card(failure: unknown): unknown {
    const { phase } = this.#context.conversation;
    const detail = phase.name === 'failed' ? phase.error.detail : undefined;
    const isOfIt = detail?.kind === 'model-missing' && isSameModel(detail.model, this.#pull?.model);
    return [isOfIt ? this.#context.kit.nothing : failure, this.#state];
  }

  get #state(): unknown {
    const { host } = this.#context;
    if (!host.allowPull) return undefined;
    const { end } = this.#pull ?? {};
    if (!this.#pull) return this.#offer();
    if (!end) return this.#progress(this.#pull);
    return end === 'cancelled' ? this.#cancelled(this.#pull) : this.#failed(this.#pull, end);
  }

  /** For a question that has failed: that has let go of its model, which is to answer it all the same. */
  answerWith(model: string): void {
    const { server } = this.#context;
    if (server.model !== model) server.choose(model);
    void this.begin(model);
  }

  /** Then the question that waits for it is asked. */
  async begin(model: string): Promise<void> {
    const { host, conversation, server, words, kit, surroundings } = this.#context;
    this.#controller?.abort();
    const { signal } = (this.#controller = new AbortController());
    const before = this.#pull;
    // One bar through all interruptions; what failed on the server's side may begin from nothing.
    const goesOn = before?.model === model && (before.end === 'cancelled' || before.end?.reason === 'broken');
    const current: Pull = { model, meter: goesOn ? before.meter : new PullMeter() };
    const { era } = conversation;
    this.#set(current);
    try {
      const ollama = await server.ollama();
      if (!ollama) return;
      for await (const progress of pull(ollama.server, model, { signal })) {
        current.meter.add(progress, performance.now());
        this.#context.changed();
      }
    } catch (error) {
      // Another one may have begun.
      if (!signal.aborted) this.#end(current, endOf(error));
      return;
    }
    await server.refresh().catch(() => {});
    if (signal.aborted) return;
    server.loadAhead();
    surroundings().announce(kit.fill(words().installed, { model: kit.shortName(model) }));
    // The server may list it under another name.
    this.#declined = model;
    this.#set(undefined);
    const isWaiting = era === conversation.era && !conversation.reply && conversation.messages.at(-1)?.role === 'user';
    if (isWaiting && server.model === model) void host.regenerate();
  }

  #cancel(current: Pull) {
    this.#controller?.abort();
    this.#end(current, 'cancelled');
  }

  #end(current: Pull, end: Pull['end']) {
    if (this.#pull === current && end) this.#set({ ...current, end });
  }

  #set(current: Pull | undefined) {
    this.#pull = current;
    this.#context.changed();
  }

  /** Before anybody has asked: it is not installed. */
  #offer(): unknown {
    const { conversation, server, words, kit, moveOn } = this.#context;
    const { model } = server;
    // Where a question has failed, what is shown of that has the offer.
    if (!model || !server.lacks(model) || conversation.phase.name !== 'idle' || this.#declined === model) return undefined;
    const { missing, download } = words();
    const decline = () => {
      this.#declined = model;
      moveOn();
    };
    return this.#frame(model, missing.title, kit.html`<p>${missing.hint}</p>`, [
      [download, () => void this.begin(model)],
      [this.#context.surroundings().strings.close, decline],
    ]);
  }

  #progress(current: Pull): unknown {
    const { kit, words, surroundings } = this.#context;
    const { html, nothing, fill } = kit;
    const { downloading, preparing, verifying, progress, left, cancel } = words();
    const { lang, strings } = surroundings();
    const { meter } = current;
    const { part, whole } = formatBytesOf(meter.completed, meter.total, lang);
    const facts =
      meter.stage === 'downloading' && meter.total
        ? [fill(progress, { completed: part, total: whole }), meter.speed === undefined ? '' : formatSpeed(meter.speed, lang)]
            .filter(Boolean)
            .join(' \u00b7 ')
        : meter.stage === 'manifest' || meter.stage === 'downloading'
          ? preparing
          : verifying;
    const { secondsLeft } = meter;
    // Without a value the bar says that nobody knows.
    const bar = meter.fraction
      ? html`<progress aria-label=${fill(downloading, { model: kit.shortName(current.model) })} max="1" value=${meter.fraction} aria-valuetext=${facts}></progress>`
      : html`<progress aria-label=${fill(downloading, { model: kit.shortName(current.model) })} max="1"></progress>`;
    const line = html`${bar}
      <p class="card-facts">
        <span>${facts}</span>${secondsLeft === undefined ? nothing : html`<span>${fill(left, { time: duration(strings, secondsLeft * 1000) })}</span>`}
      </p>`;
    return this.#frame(current.model, downloading, line, [[cancel, () => this.#cancel(current)]], 'plain');
  }

  #cancelled({ model }: Pull): unknown {
    const { cancelled, resume } = this.#context.words();
    return this.#frame(model, cancelled.title, this.#context.kit.html`<p>${cancelled.hint}</p>`, [
      [resume, () => void this.begin(model)],
      this.#dismiss,
    ]);
  }

  #failed({ model }: Pull, { reason, text }: Exclude<Pull['end'], string | undefined>): unknown {
    const { kit, words, surroundings } = this.#context;
    const { html, nothing } = kit;
    const { pullFailed, pullErrors, resume, serverSaid } = words();
    const { tryAgain } = surroundings().strings;
    const line = html`<p>${pullErrors[reason]}</p>
      ${text ? html`<p class="quote">${serverSaid}: <q>${text}</q></p>` : nothing}`;
    return this.#frame(
      model,
      pullFailed,
      line,
      [[reason === 'broken' ? resume : tryAgain, () => void this.begin(model)], this.#dismiss],
      'alert',
    );
  }

  get #dismiss(): Way {
    const { surroundings, moveOn } = this.#context;
    const dismiss = () => {
      this.#pull = undefined;
      moveOn();
    };
    return [surroundings().strings.close, dismiss];
  }

  #frame(model: string, title: string, content: unknown, ways: Way[], manner: 'alert' | 'plain' | 'offer' = 'offer'): unknown {
    const { html, fill, shortName } = this.#context.kit;
    const facts = { model: shortName(model) };
    const look = (index: number) => (index ? 'quiet' : manner === 'plain' ? 'outlined' : 'primary');
    // Another button may be there by then: the second click of a double click means what the first one meant.
    const onClick = (act: () => void) => (event: MouseEvent) => event.detail === 2 || act();
    return html`<div part="notice" class="card ${manner}" role=${manner === 'alert' ? 'alert' : 'group'} aria-label=${fill(title, facts)}>
      <strong>${fill(title, facts)}</strong>
      ${content}
      <div class="card-ways">
        ${ways.map(([word, act], index) => html`<button type="button" class=${look(index)} @click=${onClick(act)}>${fill(word, facts)}</button>`)}
      </div>
    </div>`;
  }
}

/** A button. */
type Way = [word: string, act: () => void];

function endOf(error: unknown): Pull['end'] {
  const { detail } = error instanceof ChatError ? error : new ChatError({ kind: 'server', text: String(error) });
  if (detail.kind === 'model-missing') return { reason: 'unknown', text: '' };
  if ('text' in detail) return { reason: 'other', text: detail.text.slice(0, 300) };
  // Who answers with a status alone has not let it through; who says nothing cannot be reached.
  return { reason: 'status' in detail || detail.kind === 'host-refused' ? 'other' : 'broken', text: '' };
}
