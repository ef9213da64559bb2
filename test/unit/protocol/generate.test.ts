import { expect } from '@open-wc/testing';
import { GENERATE } from '../../../src/protocol/generate.ts';
import type { ChatRequest } from '../../../src/protocol/client.ts';

const sent = (request: Partial<ChatRequest>) => GENERATE.body({ model: 'base', messages: [], ...request });

describe('GENERATE', () => {
  it('asks the last question alone, with the system prompt and its pictures', () => {
    expect(
      sent({
        messages: [
          { role: 'system', content: 'Be brief.' },
          { role: 'user', content: 'One', images: ['old'] },
          { role: 'assistant', content: 'First.' },
          { role: 'user', content: 'Two', images: ['new'] },
        ],
        options: { seed: 1 },
        format: 'json',
        think: false,
        keep_alive: 60,
      }),
    ).to.deep.equal({
      ...{ model: 'base', prompt: 'Two', system: 'Be brief.', images: ['new'] },
      ...{ options: { seed: 1 }, format: 'json', think: false, keep_alive: 60 },
    });
  });

  it('lets the model go on where its text was cut', () => {
    const messages = [
      { role: 'user', content: 'Once upon a time' },
      { role: 'assistant', content: ' there was' },
    ] as const;
    expect(sent({ messages: [...messages] })).to.deep.equal({ model: 'base', prompt: 'Once upon a time there was' });
  });

  it('sends a blank with pictures alone: without any text a server would only load the model', () => {
    expect(sent({ messages: [{ role: 'user', content: '', images: ['a'] }] })).to.deep.equal({ model: 'base', prompt: ' ', images: ['a'] });
  });

  it('sends no tools: such a model knows none', () => {
    expect(sent({ messages: [{ role: 'user', content: 'Hi' }], tools: [{}] })).not.to.have.property('tools');
  });
});
