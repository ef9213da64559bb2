import { expect } from '@open-wc/testing';
import type { ChatErrorDetail, ChatErrorKind } from '../../../src/errors.ts';
import { en } from '../../../src/i18n/en.ts';
import { failures as failuresEn } from '../../../src/i18n/failures-en.ts';
import { failures as failuresVi } from '../../../src/i18n/failures-vi.ts';
import { vi } from '../../../src/i18n/vi.ts';
import { explain, type Explanation, type Situation } from '../../../src/ui/explanation.ts';

const LANGUAGES = { en: { ...en, ...failuresEn }, vi: { ...vi, ...failuresVi } };

const URL_HERE = 'http://localhost:11434';
const ORIGIN = 'https://shop.example:8443';

const AGENTS = {
  macOS: 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15',
  Windows: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/145.0.0.0 Safari/537.36',
  Linux: 'Mozilla/5.0 (X11; Linux x86_64; rv:147.0) Gecko/20100101 Firefox/147.0',
};
const PHONES = {
  Android: 'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/145.0.0.0 Mobile Safari/537.36',
  iPhone:
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1',
};

const text = 'the server’s own words';
const network = { url: URL_HERE, secure: true, embedded: false, permission: 'prompt' } as const;

/** Every kind, in each form that is worded in its own way. Forgetting one does not compile. */
const FAILURES: { [K in ChatErrorKind]: Extract<ChatErrorDetail, { kind: K }>[] } = {
  'bad-url': [{ kind: 'bad-url', url: 'htp:/here' }],
  unreachable: [{ kind: 'unreachable', url: URL_HERE }],
  offline: [{ kind: 'offline', url: URL_HERE }],
  'origin-refused': [
    { kind: 'origin-refused', url: URL_HERE, origin: ORIGIN },
    { kind: 'origin-refused', url: URL_HERE, origin: 'null' },
  ],
  'blocked-by-csp': [{ kind: 'blocked-by-csp', url: 'http://127.0.0.1:11434/ollama' }],
  'mixed-content': [{ kind: 'mixed-content', url: 'http://models.example' }],
  'local-network': [
    { kind: 'local-network', ...network },
    { kind: 'local-network', ...network, permission: 'denied' },
    { kind: 'local-network', ...network, permission: 'denied', embedded: true },
    { kind: 'local-network', ...network, permission: 'denied', secure: false },
  ],
  redirected: [{ kind: 'redirected', url: URL_HERE }],
  'no-answer': [{ kind: 'no-answer', url: URL_HERE }],
  'bad-headers': [{ kind: 'bad-headers' }, { kind: 'bad-headers', refused: ['x-api-key', 'x-team'] }],
  'host-refused': [{ kind: 'host-refused', url: URL_HERE }],
  proxy: [{ kind: 'proxy', status: 502, url: URL_HERE }],
  'not-ollama': [{ kind: 'not-ollama', status: 404, url: URL_HERE }],
  unauthorized: [{ kind: 'unauthorized', status: 401, text }],
  'sign-in': [{ kind: 'sign-in', url: 'https://ollama.com/connect?name=x' }],
  'cloud-unavailable': [{ kind: 'cloud-unavailable', text }],
  busy: [
    { kind: 'busy', status: 503, text },
    { kind: 'busy', status: 429, text: '', retryAfter: 90 },
  ],
  timeout: [
    { kind: 'timeout', seconds: 300, phase: 'waiting' },
    { kind: 'timeout', seconds: 0.2, phase: 'answering' },
  ],
  'no-model': [{ kind: 'no-model', url: URL_HERE }],
  'model-missing': [{ kind: 'model-missing', model: 'llama3.2' }],
  'model-incompatible': [{ kind: 'model-incompatible', model: 'llama3.2', text }],
  'capability-missing': [{ kind: 'capability-missing', model: 'llama3.2', capability: 'vision', text }],
  'out-of-memory': [{ kind: 'out-of-memory', text }],
  crashed: [{ kind: 'crashed', text }],
  'load-timeout': [{ kind: 'load-timeout', text }],
  'too-long': [
    { kind: 'too-long', promptTokens: 2421, contextLength: 1024, text },
    { kind: 'too-long', text: '' },
  ],
  'bad-request': [{ kind: 'bad-request', text }],
  'bad-tool-call': [{ kind: 'bad-tool-call', text }],
  interrupted: [{ kind: 'interrupted' }],
  'bad-line': [{ kind: 'bad-line', text }],
  'too-large': [{ kind: 'too-large', limit: 8_388_608 }],
  'empty-reply': [{ kind: 'empty-reply' }],
  'part-missing': [{ kind: 'part-missing', part: 'openai' }],
  server: [
    { kind: 'server', status: 500, text },
    { kind: 'server', text },
  ],
};

const REFUSED: ChatErrorDetail = { kind: 'origin-refused', url: URL_HERE, origin: ORIGIN };

const situation = (detail: ChatErrorDetail, facts: Partial<Situation> = {}): Situation => ({
  strings: LANGUAGES.en,
  detail,
  place: 'this computer',
  onThisComputer: true,
  isOllama: true,
  origin: ORIGIN,
  userAgent: AGENTS.Linux,
  ...facts,
});

const explained = (detail: ChatErrorDetail, facts?: Partial<Situation>) => explain(situation(detail, facts));

/** All that somebody can read of it. */
function wordsOf({ title, folded, steps, systems = [], link, why, quote }: Explanation): string[] {
  const all = [...steps, ...systems.flatMap(system => [{ text: system.name }, ...system.steps])];
  return [title, folded?.title, folded?.hint, link?.text, link?.href, why, quote, ...all.flatMap(step => [step.text, step.command])].filter(
    said => said !== undefined,
  );
}

const commandsOf = ({ steps, systems = [] }: Explanation) =>
  [...steps, ...systems.flatMap(system => system.steps)].flatMap(({ command }) => command ?? []);

for (const [lang, strings] of Object.entries(LANGUAGES)) {
  describe(`a failure, explained (${lang}),`, () => {
    for (const detail of Object.values(FAILURES).flat()) {
      it(`has a title, a hint and no place left unfilled: ${JSON.stringify(detail)}`, () => {
        for (const onThisComputer of [true, false]) {
          for (const userAgent of [...Object.values(AGENTS), ...Object.values(PHONES)]) {
            for (const origin of [ORIGIN, 'null']) {
              const explanation = explained(detail, { strings, onThisComputer, userAgent, origin });
              const [hint] = explanation.steps;
              expect(explanation.title).to.match(/\S/);
              expect(hint?.text).to.match(/\S/);
              for (const words of wordsOf(explanation)) {
                expect(words).to.match(/\S/);
                expect(words).not.to.match(/\{\w+\}|undefined|\[object|NaN/);
              }
            }
          }
        }
      });
    }

    it('gives a line to copy wherever the hint promises one', () => {
      for (const detail of Object.values(FAILURES).flat()) {
        const { steps, systems, link } = explained(detail, { strings });
        for (const { text: words, command } of steps) {
          if (words.endsWith(':')) expect(command ?? systems ?? link, `${detail.kind}: ${words}`).not.to.equal(undefined);
        }
      }
    });

    it('says times as people do', () => {
      const said = (detail: ChatErrorDetail) => wordsOf(explained(detail, { strings })).join('\n');
      expect(said({ kind: 'timeout', seconds: 300, phase: 'waiting' })).to.contain(lang === 'en' ? '5 min 0 s' : '5 phút 0 giây');
      expect(said({ kind: 'busy', status: 429, text: '', retryAfter: 90 })).to.contain(lang === 'en' ? '1 min 30 s' : '1 phút 30 giây');
    });
  });
}

describe('a page that Ollama refuses', () => {
  for (const [own, userAgent] of Object.entries(AGENTS)) {
    it(`is told the way out on each system, ${own} first`, () => {
      const { systems } = explained(REFUSED, { userAgent });
      const names = systems?.map(({ name }) => name);
      expect(names?.[0]).to.equal(own);
      expect(names?.toSorted()).to.deep.equal(['Docker', 'Linux', 'Once', 'Windows', 'macOS']);
    });

    it(`is told its own address on every system, and nothing wider, as seen on ${own}`, () => {
      for (const { name, steps } of explained(REFUSED, { userAgent }).systems ?? []) {
        const commands = steps.flatMap(({ command }) => command ?? []);
        expect(commands.join('\n'), name).to.contain(`OLLAMA_ORIGINS`).and.to.contain(ORIGIN);
        for (const step of steps) expect(`${step.text} ${step.command}`, name).not.to.contain('*');
      }
    });
  }

  it('is told lines that a terminal takes as they stand', () => {
    const commands = (system: string, userAgent = AGENTS.Linux) =>
      explained(REFUSED, { userAgent })
        .systems?.find(({ name }) => name === system)
        ?.steps.flatMap(({ command }) => command ?? []);
    expect(commands('macOS')).to.deep.equal([`launchctl setenv OLLAMA_ORIGINS "${ORIGIN}"`]);
    expect(commands('Windows')).to.deep.equal([`setx OLLAMA_ORIGINS "${ORIGIN}"`]);
    expect(commands('Linux')).to.deep.equal([
      'sudo systemctl edit ollama',
      `[Service]\nEnvironment="OLLAMA_ORIGINS=${ORIGIN}"`,
      'sudo systemctl restart ollama',
    ]);
    expect(commands('Docker')?.[0]).to.match(new RegExp(`^docker run .* -e OLLAMA_ORIGINS=${ORIGIN} .* ollama/ollama$`));
    expect(commands('Once')).to.deep.equal([`OLLAMA_ORIGINS=${ORIGIN} ollama serve`]);
    expect(commands('Once', AGENTS.macOS)).to.deep.equal([`OLLAMA_ORIGINS=${ORIGIN} ollama serve`]);
    expect(commands('Once', AGENTS.Windows), 'for PowerShell').to.deep.equal([`$env:OLLAMA_ORIGINS="${ORIGIN}"; ollama serve`]);
  });

  it('is told why', () => {
    expect(explained(REFUSED).why).to.contain('OLLAMA_ORIGINS');
    expect(explained(REFUSED).folded).to.equal(undefined);
  });

  it('is not told an address that it does not have: a file, a sandboxed frame', () => {
    const explanation = explained({ kind: 'origin-refused', url: URL_HERE, origin: 'null' }, { origin: 'null' });
    expect(explanation.systems).to.equal(undefined);
    expect(commandsOf(explanation)).to.deep.equal([]);
    expect(wordsOf(explanation).join('\n'))
      .to.contain('web server')
      .and.not.to.match(/\bnull\b/);
  });

  it('is told about the proxy where the server is elsewhere, and a visitor only that it is not available', () => {
    const explanation = explained(REFUSED, { onThisComputer: false, place: 'models.example' });
    expect(explanation.systems).to.equal(undefined);
    expect(commandsOf(explanation)).to.deep.equal([`add_header Access-Control-Allow-Origin ${ORIGIN} always;`]);
    expect(explanation.title).to.contain('models.example');
    expect(explanation.folded).to.deep.equal(en.notAvailable);
  });

  for (const [phone, userAgent] of Object.entries(PHONES)) {
    it(`says on a phone that the model runs on a computer (${phone})`, () => {
      const { folded } = explained(REFUSED, { userAgent });
      expect(folded).to.deep.equal({ title: en.notAvailable.title, hint: failuresEn.onPhone });
    });
  }
});

describe('what only the owner of the server can mend', () => {
  const OWNERS: ChatErrorKind[] = [
    ...(['bad-url', 'unreachable', 'origin-refused', 'blocked-by-csp', 'mixed-content', 'local-network', 'host-refused'] as const),
    ...(['bad-headers', 'proxy', 'not-ollama', 'unauthorized', 'sign-in', 'cloud-unavailable', 'bad-request', 'part-missing'] as const),
    ...(['no-model', 'model-missing', 'model-incompatible', 'capability-missing'] as const),
  ];

  it('is folded away from visitors of a server elsewhere, and nothing else is', () => {
    for (const [kind, [detail]] of Object.entries(FAILURES)) {
      const { folded } = explained(detail!, { onThisComputer: false });
      expect(folded !== undefined, kind).to.equal(OWNERS.includes(kind as ChatErrorKind));
    }
  });

  it('is not folded where the server is on the visitor’s own computer', () => {
    for (const [detail] of Object.values(FAILURES)) expect(explained(detail!).folded, detail!.kind).to.equal(undefined);
  });
});

describe('a line that somebody will run', () => {
  for (const model of [
    'llama3.2',
    'qwen3:0.6b',
    'hf.co/bartowski/Llama-3.2-1B-Instruct-GGUF:Q4_K_M',
    'user/model@sha256:abc',
    'model_x.y-z',
  ]) {
    it(`names a model: ${model}`, () => {
      for (const kind of ['model-missing', 'model-incompatible'] as const) {
        expect(commandsOf(explained({ kind, model, text }))).to.deep.equal([`ollama pull ${model}`]);
      }
    });
  }

  const NO_NAMES = [
    ...['', ' ', 'x; rm -rf ~', 'x && id', 'x | sh', '$(id)', '${HOME}', '`id`', 'x y', "x'y", 'x"y', 'x\\y', 'x\ny', 'x\u2028y', 'x\r'],
    ...['x>y', 'x#y', '!x', '%PATH%', '^x', '~', '*', '?', 'x{1,2}', '--help', '-x', 'mødel', 'x\u202ey', 'x\u0000'],
  ];
  for (const model of NO_NAMES) {
    it(`names no model that is none: ${JSON.stringify(model)}`, () => {
      for (const kind of ['model-missing', 'model-incompatible'] as const) {
        const explanation = explained({ kind, model, text });
        expect(commandsOf(explanation)).to.deep.equal([]);
      }
    });
  }

  it('says which policy allows the server, and which frame', () => {
    const said = (kind: ChatErrorKind, index = 0) => commandsOf(explained(FAILURES[kind][index]!));
    expect(said('blocked-by-csp')).to.deep.equal(['connect-src http://127.0.0.1:11434']);
    expect(said('local-network', 2)[0]).to.match(/^<iframe allow="/);
    expect(said('host-refused')).to.deep.equal(['proxy_set_header Host localhost:11434;\nproxy_set_header Origin "";']);
    expect(said('unreachable')).to.deep.equal(['ollama serve']);
    expect(said('no-model')[0]).to.match(/^ollama pull \S+$/);
  });

  it('starts Ollama on the visitor’s own computer alone', () => {
    expect(commandsOf(explained(FAILURES.unreachable[0]!, { onThisComputer: false }))).to.deep.equal([]);
    expect(commandsOf(explained(FAILURES['local-network'][0]!, { onThisComputer: false }))).to.deep.equal([]);
  });

  it('is never one of Ollama’s for another server', () => {
    for (const detail of Object.values(FAILURES).flat()) {
      const { title, steps, systems } = explained(detail, { isOllama: false });
      expect([title, ...steps.map(({ command }) => command)].join('\n'), detail.kind).not.to.match(
        /ollama (?:serve|pull)|^Ollama (?:on|is|has)/,
      );
      expect(systems, detail.kind).to.equal(undefined);
    }
  });

  it('never allows more than this page', () => {
    for (const detail of Object.values(FAILURES).flat()) {
      for (const onThisComputer of [true, false]) {
        for (const words of wordsOf(explained(detail, { onThisComputer }))) expect(words, detail.kind).not.to.contain('*');
      }
    }
  });
});

describe('the server’s own words', () => {
  it('are quoted where there are any, shortened, and never where there are none', () => {
    expect(explained({ kind: 'server', text: '  no luck \n' }).quote).to.equal('no luck');
    expect(explained({ kind: 'server', text: ' ' })).not.to.have.property('quote');
    expect(explained({ kind: 'interrupted' })).not.to.have.property('quote');
    expect(explained({ kind: 'server', text: 'x'.repeat(5000) }).quote).to.equal(`${'x'.repeat(400)} …`);
  });

  it('cannot fill a place of ours, or turn a title round', () => {
    expect(explained({ kind: 'model-missing', model: '{place}' }).title).to.equal('The model {place} isn’t installed');
    expect(explained({ kind: 'model-missing', model: '\u202egnissim' }).title).to.equal('The model gnissim isn’t installed');
  });

  it('lead to a sign-in by a link, with the page’s own words on it', () => {
    expect(explained(FAILURES['sign-in'][0]!).link).to.deep.equal({
      text: 'Sign in at ollama.com',
      href: 'https://ollama.com/connect?name=x',
    });
  });
});

it('both counts of a chat that is too long are told, where there are any', () => {
  const [counted, uncounted] = FAILURES['too-long'].map(detail => wordsOf(explained(detail)).join('\n'));
  expect(counted).to.contain('2421').and.to.contain('1024');
  expect(uncounted).not.to.match(/\d/);
});
