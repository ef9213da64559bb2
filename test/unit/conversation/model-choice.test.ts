import { expect } from '@open-wc/testing';
import { chooseModel, isCloud } from '../../../src/conversation/model-choice.ts';
import type { ModelInfo } from '../../../src/protocol/client.ts';

const chat = (name: string, more: Partial<ModelInfo> = {}): ModelInfo => ({ name, capabilities: ['completion'], ...more });
const old = (name: string, family = 'llama', more: Partial<ModelInfo> = {}): ModelInfo => ({ name, details: { family }, ...more });
const loaded = { expires_at: '2026-11-22T10:57:44Z' };
const unknown = async () => undefined;

describe('chooseModel', () => {
  it('takes the newest one that can chat', async () => {
    expect(await chooseModel([chat('new'), chat('old')], unknown)).to.equal('new');
  });

  it('takes one that is loaded before newer ones', async () => {
    expect(await chooseModel([chat('new'), chat('warm', loaded), chat('old', loaded)], unknown)).to.equal('warm');
  });

  it('takes none where there is none', async () => {
    expect(await chooseModel([], unknown)).to.equal(undefined);
  });

  it('never takes one that cannot chat, though it is newer and loaded', async () => {
    const embed = { name: 'embed', capabilities: ['embedding'], ...loaded };
    const picture = { name: 'picture', capabilities: ['image'], ...loaded };
    expect(await chooseModel([embed, picture, chat('old')], unknown)).to.equal('old');
    expect(await chooseModel([embed, picture, { name: 'nothing', capabilities: [] }], unknown)).to.equal(undefined);
  });

  it('believes the capabilities rather than the name', async () => {
    expect(await chooseModel([chat('chat-and-embed', { details: { family: 'bert' } })], unknown)).to.equal('chat-and-embed');
  });

  describe('on an older server that lists no capabilities', () => {
    it('allows what is not known', async () => {
      expect(await chooseModel([old('tiny')], unknown)).to.equal('tiny');
      expect(await chooseModel([{ name: 'bare' }], unknown)).to.equal('bare');
    });

    it('asks about a model, once and only until one can chat', async () => {
      const asked: string[] = [];
      const capabilities: Record<string, string[]> = { a: ['embedding'], b: ['completion', 'tools'] };
      const chosen = await chooseModel([old('a'), old('b'), old('c')], async name => {
        asked.push(name);
        return capabilities[name];
      });
      expect(chosen).to.equal('b');
      expect(asked).to.deep.equal(['a', 'b']);
    });

    it('asks about none whose capabilities are listed', async () => {
      const asked: string[] = [];
      await chooseModel([chat('a')], async name => {
        asked.push(name);
        return undefined;
      });
      expect(asked).to.deep.equal([]);
    });

    const embedding: [name: string, family: string][] = [
      ['nomic-embed-text:latest', 'nomic-bert'],
      ['mxbai-embed-large:335m', 'bert'],
      ['all-minilm:33m', 'bert'],
      ['paraphrase-multilingual:latest', 'bert'],
      ['my-own:latest', 'nomic-bert-moe'],
      ['bge-m3:567m', 'unknown'],
      ['hf.example/BAAI/bge-large-en:f16', ''],
      ['snowflake-arctic-embed2:latest', 'unknown'],
      ['granite-embedding:278m', 'unknown'],
      ['embeddinggemma:300m', 'gemma3'],
      ['qwen3-embedding:8b', 'qwen3'],
      ['Alibaba/gte-large', 'unknown'],
      ['multilingual-e5-large', 'unknown'],
      ['All-MiniLM:latest', 'unknown'],
    ];
    for (const [name, family] of embedding) {
      it(`never takes ${name} of the family "${family}", and does not ask about it`, async () => {
        const ask = () => Promise.reject(new Error('asked'));
        expect(await chooseModel([old(name, family, loaded)], ask)).to.equal(undefined);
      });
    }

    for (const name of ['llama3.2:1b', 'gemma3:12b', 'bigger-model', 'qwen2.5-coder:7b', 'target-e50', 'phi4-mini']) {
      it(`takes ${name}`, async () => expect(await chooseModel([old(name)], unknown)).to.equal(name));
    }

    it('does without the family', async () => {
      expect(await chooseModel([{ name: 'nomic-embed-text' }, { name: 'tiny', details: {} }], unknown)).to.equal('tiny');
    });
  });

  it('never takes a model of the cloud, though it is newer and loaded', async () => {
    const models = [
      chat('gpt-oss:120b-cloud', loaded),
      chat('qwen:cloud', loaded),
      chat('mine', { remote_host: 'https://ollama.example' }),
    ];
    expect(await chooseModel([...models, chat('old')], unknown)).to.equal('old');
    expect(await chooseModel(models, unknown)).to.equal(undefined);
  });
});

describe('isCloud', () => {
  for (const name of ['gpt-oss:120b-cloud', 'deepseek-v3.1:671b-cloud', 'qwen3-coder:cloud', 'Qwen:Cloud']) {
    it(`says yes to ${name}`, () => expect(isCloud({ name })).to.equal(true));
  }

  for (const name of ['cloud', 'cloud-coder:7b', 'soundcloud:7b', 'word-cloud:7b', 'tiny:cloudy']) {
    it(`says no to ${name}`, () => expect(isCloud({ name })).to.equal(false));
  }

  it('says yes to any name that another machine answers for', () => {
    expect(isCloud({ name: 'tiny', remote_host: 'https://ollama.example' })).to.equal(true);
    expect(isCloud({ name: 'tiny', remote_host: '' })).to.equal(false);
  });
});
