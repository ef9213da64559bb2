import { expect } from '@open-wc/testing';
import type { Backend } from '../../../src/conversation/backend.ts';
import { type Change, Conversation } from '../../../src/conversation/conversation.ts';
import { type ChatMessage, type ChatMessageInput, createMessage } from '../../../src/conversation/message.ts';
import { ChatError, type ChatErrorDetail } from '../../../src/errors.ts';
import type { ChatClient, RequestMessage } from '../../../src/protocol/client.ts';
import { done, ScriptedClient, text, thinking } from './scripted-client.ts';

describe('Conversation', function () {
  this.timeout(10_000); // nothing here waits for anything but promises

  describe('sends', () => {
    it('the whole history each time, the system prompt first', async () => {
      const { conversation, client } = start({ system: 'Be brief.' });
      await answer(conversation, client, 'one', 'first');
      await answer(conversation, client, 'two', 'second');
      await answer(conversation, client, 'three', 'third');
      expect(client.calls[2]?.request).to.deep.equal({
        model: 'tiny',
        messages: [
          { role: 'system', content: 'Be brief.' },
          { role: 'user', content: 'one' },
          { role: 'assistant', content: 'first' },
          { role: 'user', content: 'two' },
          { role: 'assistant', content: 'second' },
          { role: 'user', content: 'three' },
        ],
      });
    });

    it('what the settings are at that moment', async () => {
      const settings = { system: 'A', model: 'a' };
      const client = new ScriptedClient();
      const conversation = new Conversation(async () => ({ client, request: { model: settings.model }, system: settings.system }));
      await answer(conversation, client, 'one', 'first');
      Object.assign(settings, { system: '', model: 'b' });
      await answer(conversation, client, 'two', 'second');
      expect(client.calls.map(({ request }) => request.model)).to.deep.equal(['a', 'b']);
      expect(client.calls.map(({ request }) => request.messages[0])).to.deep.equal([
        { role: 'system', content: 'A' },
        { role: 'user', content: 'one' },
      ]);
    });

    it('everything a request has besides its messages', async () => {
      const client = new ScriptedClient();
      const request = { model: 'tiny', think: false, options: { seed: 1 } };
      const conversation = new Conversation(async () => ({ client, request, system: '' }));
      await answer(conversation, client, 'one', 'first');
      expect(client.calls[0]?.request).to.deep.equal({ ...request, messages: [{ role: 'user', content: 'one' }] });
    });

    it('an answer that ends at the model’s limit is none that is complete, and can go on', async () => {
      const { conversation, client } = start();
      const sent = say(conversation, 'one');
      await (await client.call(0)).say(text('fir'), { ...done, reason: 'length' });
      expect(await sent).to.include({ content: 'fir', status: 'interrupted' });
      expect(conversation.phase).to.deep.equal({ name: 'idle' });
      const rest = conversation.continue();
      await (await client.call(1)).say(text('st'), done);
      expect(await rest).to.include({ content: 'first', status: 'complete' });
    });

    it('no more tool calls than a reply may hold', async () => {
      const { conversation, client } = start();
      const sent = say(conversation, 'one');
      const call = { type: 'tool-call' as const, call: { function: { name: 'f', arguments: {} } } };
      void (await client.call(0)).say(...Array.from({ length: 200 }, () => call));
      expect((await failure(sent)).kind).to.equal('too-large');
    });

    it('no thinking back', async () => {
      const { conversation, client } = start();
      const sent = say(conversation, 'one');
      await (await client.call(0)).say(thinking('Hm'), text('first'), done);
      expect((await sent)?.thinking).to.equal('Hm');
      await answer(conversation, client, 'two', 'second');
      expect(client.calls[1]?.request.messages[1]).to.deep.equal({ role: 'assistant', content: 'first' });
    });

    it('what of it fits, where the backend says so, and keeps all that was said', async () => {
      const client = new ScriptedClient();
      const given: number[] = [];
      const fit = (messages: RequestMessage[]) => {
        given.push(messages.length);
        return messages.length > 3 ? [messages[0]!, ...messages.slice(-1)] : messages;
      };
      const conversation = new Conversation(async () => ({ ...backend(client), system: 'Be brief.', fit }));
      await answer(conversation, client, 'one', 'first');
      await answer(conversation, client, 'two', 'second');
      expect(given, 'asked once for each request, with the system prompt and the question').to.deep.equal([2, 4]);
      expect(client.calls.map(({ request }) => request.messages.map(({ content }) => content))).to.deep.equal([
        ['Be brief.', 'one'],
        ['Be brief.', 'two'],
      ]);
      expect(contents(conversation)).to.deep.equal(['one', 'first', 'two', 'second']);
    });

    it('what fits at that moment, also when a question is asked again', async () => {
      const client = new ScriptedClient();
      let length = 9;
      const fit = (messages: RequestMessage[]) => messages.slice(-length);
      const conversation = new Conversation(async () => ({ ...backend(client), fit }));
      await answer(conversation, client, 'one', 'first');
      const sent = say(conversation, 'two');
      (await client.call(1)).fail(new ChatError({ kind: 'too-long', text: '' }));
      await failure(sent);
      length = 1;
      const again = conversation.regenerate();
      const call = await client.call(2);
      expect([client.calls[1]!, call].map(({ request }) => request.messages.map(({ content }) => content))).to.deep.equal([
        ['one', 'first', 'two'],
        ['two'],
      ]);
      await call.say(text('second'), done);
      await again;
      expect(contents(conversation)).to.deep.equal(['one', 'first', 'two', 'second']);
    });

    it('pictures along with the words', async () => {
      const { conversation, client } = start();
      void conversation.send({ role: 'user', content: 'What is it?', images: ['aGk='] });
      expect((await client.call(0)).request.messages).to.deep.equal([{ role: 'user', content: 'What is it?', images: ['aGk='] }]);
    });
  });

  describe('answers', () => {
    it('with the whole message, its calls and its counters', async () => {
      const { conversation, client } = start();
      const sent = say(conversation, 'one');
      const call = { id: 'x', function: { name: 'now', arguments: { zone: 'UTC' } } };
      await (await client.call(0)).say(text('It '), text('is'), { type: 'tool-call', call }, { ...done, stats: { eval_count: 2 } });
      const message = await sent;
      const { id, ...facts } = message!;
      expect(facts).to.deep.equal({
        role: 'assistant',
        content: 'It is',
        tool_calls: [call],
        status: 'complete',
        stats: { eval_count: 2 },
      });
      expect(id).to.be.a('string').and.not.equal('');
      expect(conversation.messages.at(-1)).to.equal(message);
    });

    it('with "done" at once, although the client goes on', async () => {
      const { conversation, client } = start();
      const sent = say(conversation, 'one');
      const call = await client.call(0);
      await call.say(text('first'), done);
      expect((await sent)?.content).to.equal('first');
      expect(call.left).to.equal(true);
    });

    it('with thinking alone', async () => {
      const { conversation, client } = start();
      const sent = say(conversation, 'one');
      await (await client.call(0)).say(thinking('Hm'), done);
      expect(await sent).to.include({ content: '', thinking: 'Hm', status: 'complete' });
      expect(conversation.phase.name).to.equal('idle');
    });

    it('with the time it took to think, from the first thought to the first word', async () => {
      const realNow = performance.now;
      let now = 1000;
      performance.now = () => now;
      try {
        const { conversation, client } = start();
        const sent = say(conversation, 'one');
        const call = await client.call(0);
        now = 2000;
        await call.say(thinking('H'));
        now = 2300;
        await call.say(thinking('m'));
        now = 2500;
        await call.say(text('first'));
        expect(conversation.reply?.stats?.thinking_duration, 'known while the answer is written').to.equal(500e6);
        now = 9000;
        await call.say(thinking('Hm again'), text('!'), { ...done, stats: { eval_count: 2 } });
        expect((await sent)?.stats).to.deep.equal({ eval_count: 2, thinking_duration: 500e6 });
      } finally {
        performance.now = realNow;
      }
    });

    it('with no time where nothing was thought', async () => {
      const { conversation, client } = start();
      expect((await answer(conversation, client, 'one', 'first')).stats).to.deep.equal({});
    });
  });

  describe('goes through its phases', () => {
    it('in order, and tells once for each', async () => {
      const { conversation, client } = start();
      const phases = record(conversation, change => change === 'state' && conversation.phase.name);
      const sent = say(conversation, 'one');
      await (await client.call(0)).say(thinking('H'), thinking('m'), text('O'), text('K'), done);
      await sent;
      expect(phases).to.deep.equal(['waiting', 'thinking', 'answering', 'idle']);
    });

    it('without the ones that do not happen', async () => {
      const { conversation, client } = start();
      const phases = record(conversation, change => change === 'state' && conversation.phase.name);
      await answer(conversation, client, 'one', 'first');
      expect(phases).to.deep.equal(['waiting', 'answering', 'idle']);
    });

    it('to a failure, and from it on to the next answer', async () => {
      const { conversation, client } = start();
      const phases = record(conversation, change => change === 'state' && conversation.phase.name);
      const sent = say(conversation, 'one');
      (await client.call(0)).fail(new ChatError({ kind: 'unreachable', url: 'http://x' }));
      await failure(sent);
      await answer(conversation, client, 'two', 'second');
      expect(phases).to.deep.equal(['waiting', 'failed', 'waiting', 'answering', 'idle']);
    });

    it('and calls growth alone a delta', async () => {
      const { conversation, client } = start();
      const seen = record(conversation, change => `${change} ${conversation.reply?.content}`);
      const sent = say(conversation, 'one');
      await (await client.call(0)).say(text('a'), text('b'), text('c'), done);
      await sent;
      expect(seen).to.deep.equal(['state ', 'state a', 'delta ab', 'delta abc', 'delta abc', 'state undefined']);
    });

    it('with the question in the messages and the reply apart', async () => {
      const { conversation, client } = start();
      const sent = say(conversation, 'one');
      const call = await client.call(0);
      expect(contents(conversation)).to.deep.equal(['one']);
      expect(conversation.reply).to.include({ role: 'assistant', content: '', status: 'interrupted' });
      const { messages } = conversation;
      await call.say(text('first'));
      expect(conversation.messages, 'the same array while a reply grows').to.equal(messages);
      expect(conversation.reply?.content).to.equal('first');
      await call.say(done);
      await sent;
      expect(conversation.reply).to.equal(undefined);
      expect(contents(conversation)).to.deep.equal(['one', 'first']);
    });

    it('with one id for the reply from its first moment on', async () => {
      const { conversation, client } = start();
      const ids = record(conversation, () => conversation.reply?.id ?? false);
      const message = await answer(conversation, client, 'one', 'first');
      expect(new Set(ids)).to.deep.equal(new Set([message.id]));
    });

    it('with the time of the last sign of life', async () => {
      const realNow = performance.now;
      let now = 1000;
      performance.now = () => now;
      try {
        const { conversation, client } = start();
        const since = record(conversation, () => ('since' in conversation.phase ? conversation.phase.since : false));
        const sent = say(conversation, 'one');
        const call = await client.call(0);
        for (const event of [thinking('H'), thinking('m'), text('first'), done]) {
          now += 1000;
          await call.say(event);
        }
        await sent;
        expect(since).to.deep.equal([1000, 2000, 3000, 4000, 5000]);
      } finally {
        performance.now = realNow;
      }
    });

    it('and tells nobody who has unsubscribed', async () => {
      const { conversation, client } = start();
      let told = 0;
      const unsubscribe = conversation.subscribe(() => {
        told += 1;
        unsubscribe();
      });
      await answer(conversation, client, 'one', 'first');
      expect(told).to.equal(1);
    });
  });

  describe('stopped', () => {
    it('keeps what had come, closes the connection, and gives the answer as it is', async () => {
      const { conversation, client } = start();
      const sent = say(conversation, 'one');
      const call = await client.call(0);
      await call.say(text('first wo'));
      conversation.stop();
      expect(call.signal?.aborted).to.equal(true);
      expect(conversation.phase).to.deep.equal({ name: 'idle' });
      expect(conversation.messages.at(-1)).to.include({ content: 'first wo', status: 'stopped' });
      expect(await sent).to.equal(conversation.messages.at(-1));
    });

    it('before the first event keeps an empty answer in its place', async () => {
      const { conversation, client } = start();
      const sent = say(conversation, 'one');
      const call = await client.call(0);
      conversation.stop();
      expect(call.signal?.aborted).to.equal(true);
      expect(await sent).to.include({ role: 'assistant', content: '', status: 'stopped' });
      expect(conversation.messages).to.have.lengthOf(2);
    });

    it('before it is known whom to ask asks nobody', async () => {
      const client = new ScriptedClient(true);
      const { promise, resolve } = later<Backend>();
      let heard: AbortSignal | undefined;
      const conversation = new Conversation(signal => {
        heard = signal;
        return promise;
      });
      const sent = say(conversation, 'one');
      conversation.stop();
      expect(heard?.aborted).to.equal(true);
      expect((await sent)?.status).to.equal('stopped');
      resolve(backend(client));
      await settled();
      expect(client.calls).to.have.lengthOf(0);
    });

    it('sends a next question that is well formed', async () => {
      const { conversation, client } = start();
      void say(conversation, 'one');
      await client.call(0);
      conversation.stop();
      void say(conversation, 'two');
      await (await client.call(1)).say(text('sec'));
      conversation.stop();
      void say(conversation, 'three');
      expect((await client.call(2)).request.messages).to.deep.equal([
        { role: 'user', content: 'one' },
        { role: 'assistant', content: '' },
        { role: 'user', content: 'two' },
        { role: 'assistant', content: 'sec' },
        { role: 'user', content: 'three' },
      ]);
    });

    it('takes nothing from a client that goes on all the same', async () => {
      const { conversation, client } = start({ deaf: true });
      const sent = say(conversation, 'one');
      const call = await client.call(0);
      await call.say(text('first'));
      conversation.stop();
      expect((await sent)?.content).to.equal('first');
      const told = record(conversation, change => change);
      await call.say(text(' and more'));
      await untilTrue(() => call.left);
      expect(contents(conversation)).to.deep.equal(['one', 'first']);
      expect(told).to.deep.equal([]);
    });

    it('is not held up by a client that never says anything again', async () => {
      const { conversation, client } = start({ deaf: true });
      const sent = say(conversation, 'one');
      await client.call(0);
      conversation.stop();
      expect((await sent)?.status).to.equal('stopped');
      expect((await answerNext(conversation, client, 1, 'two', 'second')).content).to.equal('second');
    });

    it('by a listener at the first change makes no answer', async () => {
      const { conversation, client } = start();
      conversation.subscribe(() => conversation.stop());
      expect(await say(conversation, 'one')).to.include({ content: '', status: 'stopped' });
      expect(conversation.phase.name).to.equal('idle');
      await settled();
      for (const { signal } of client.calls) expect(signal?.aborted).to.equal(true);
    });

    it('by a listener at the first word keeps that word', async () => {
      const { conversation, client } = start();
      conversation.subscribe(() => conversation.phase.name === 'answering' && conversation.stop());
      const sent = say(conversation, 'one');
      await (await client.call(0)).say(text('first'));
      expect(await sent).to.include({ content: 'first', status: 'stopped' });
    });

    it('by a listener at "done" does no harm', async () => {
      const { conversation, client } = start();
      conversation.subscribe(() => conversation.reply?.status === 'complete' && conversation.stop());
      const sent = say(conversation, 'one');
      await (await client.call(0)).say(text('first'), done);
      expect((await sent)?.content).to.equal('first');
      expect(contents(conversation)).to.deep.equal(['one', 'first']);
    });

    it('while nothing is being written changes nothing', async () => {
      const { conversation, client } = start();
      conversation.stop();
      await answer(conversation, client, 'one', 'first');
      const told = record(conversation, change => change);
      conversation.stop();
      expect(told).to.deep.equal([]);
      expect(conversation.messages.at(-1)?.status).to.equal('complete');
    });
  });

  describe('failed', () => {
    it('keeps what had come, says why, and rejects with the same', async () => {
      const { conversation, client } = start();
      const sent = say(conversation, 'one');
      const call = await client.call(0);
      await call.say(thinking('Hm'), text('first wo'));
      const error = new ChatError({ kind: 'out-of-memory', text: 'no' });
      call.fail(error);
      expect(await rejected(sent)).to.equal(error);
      expect(conversation.phase).to.deep.equal({ name: 'failed', error });
      expect(conversation.messages.at(-1)).to.include({ content: 'first wo', thinking: 'Hm', status: 'interrupted' });
    });

    it('before the first event keeps the question alone', async () => {
      const { conversation, client } = start();
      const sent = say(conversation, 'one');
      (await client.call(0)).fail(new ChatError({ kind: 'unreachable', url: 'http://x' }));
      expect(await failure(sent)).to.deep.equal({ kind: 'unreachable', url: 'http://x' });
      expect(contents(conversation)).to.deep.equal(['one']);
    });

    it('where nobody is known to ask', async () => {
      const conversation = new Conversation(() => Promise.reject(new ChatError({ kind: 'no-model', url: 'http://x' })));
      expect(await failure(say(conversation, 'one'))).to.deep.equal({ kind: 'no-model', url: 'http://x' });
      expect(contents(conversation)).to.deep.equal(['one']);
    });

    it('as interrupted where a client ends without "done"', async () => {
      const { conversation, client } = start();
      const sent = say(conversation, 'one');
      const call = await client.call(0);
      await call.say(text('first'));
      call.end();
      expect(await failure(sent)).to.deep.equal({ kind: 'interrupted' });
      expect(conversation.messages.at(-1)).to.include({ content: 'first', status: 'interrupted' });
    });

    it('as empty where the model says nothing', async () => {
      const { conversation, client } = start();
      const sent = say(conversation, 'one');
      await (await client.call(0)).say(text(''), done);
      expect(await failure(sent)).to.deep.equal({ kind: 'empty-reply' });
      expect(contents(conversation)).to.deep.equal(['one']);
    });

    it('as too large where the model does not end', async () => {
      const { conversation, client } = start();
      const sent = say(conversation, 'one');
      const call = await client.call(0);
      const megabyte = 'x'.repeat(1024 * 1024);
      await call.say(...[1, 2, 3, 4].map(() => text(megabyte)));
      await call.say(thinking('!'));
      expect(await failure(sent)).to.deep.equal({ kind: 'too-large', limit: 4 * 1024 * 1024 });
      expect(conversation.messages.at(-1)?.content).to.have.lengthOf(4 * 1024 * 1024);
      expect(call.left).to.equal(true);
    });

    it('in words where a client throws something else', async () => {
      const { conversation, client } = start();
      const sent = say(conversation, 'one');
      const cause = new RangeError('my own trouble');
      (await client.call(0)).fail(cause);
      const error = await rejected(sent);
      expect((error as ChatError).detail).to.deep.equal({ kind: 'server', text: 'my own trouble' });
      expect((error as ChatError).cause).to.equal(cause);
    });

    it('also where a client throws before it gives an answer', async () => {
      const client: ChatClient = {
        chat: () => {
          throw new Error('no');
        },
      };
      const conversation = new Conversation(async () => backend(client));
      expect(await failure(say(conversation, 'one'))).to.deep.equal({ kind: 'server', text: 'no' });
    });

    it('asks again with the question in it once', async () => {
      const { conversation, client } = start();
      const sent = say(conversation, 'one');
      const call = await client.call(0);
      await call.say(text('fir'));
      call.fail(new ChatError({ kind: 'interrupted' }));
      await failure(sent);
      const again = conversation.regenerate();
      await (await client.call(1)).say(text('first'), done);
      await again;
      expect(client.calls[1]?.request.messages).to.deep.equal([{ role: 'user', content: 'one' }]);
      expect(contents(conversation)).to.deep.equal(['one', 'first']);
    });

    it('sends a next question that is well formed', async () => {
      const { conversation, client } = start();
      const sent = say(conversation, 'one');
      (await client.call(0)).fail(new ChatError({ kind: 'interrupted' }));
      await failure(sent);
      void say(conversation, 'two');
      expect((await client.call(1)).request.messages).to.deep.equal([
        { role: 'user', content: 'one' },
        { role: 'assistant', content: '' },
        { role: 'user', content: 'two' },
      ]);
    });
  });

  describe('asked several things at once', () => {
    it('answers one after the other, in order', async () => {
      const { conversation, client } = start();
      const sent = ['one', 'two', 'three'].map(question => say(conversation, question));
      for (const [index, reply] of ['first', 'second', 'third'].entries()) {
        const call = await client.call(index);
        expect(client.calls).to.have.lengthOf(index + 1);
        await call.say(text(reply), done);
      }
      expect((await Promise.all(sent)).map(message => message?.content)).to.deep.equal(['first', 'second', 'third']);
      expect(contents(conversation)).to.deep.equal(['one', 'first', 'two', 'second', 'three', 'third']);
      expect(client.calls[2]?.request.messages.map(({ content }) => content)).to.deep.equal(['one', 'first', 'two', 'second', 'three']);
    });

    it('shows a question only when its turn has come', async () => {
      const { conversation, client } = start();
      void say(conversation, 'one');
      void say(conversation, 'two');
      const call = await client.call(0);
      expect(contents(conversation)).to.deep.equal(['one']);
      await call.say(text('first'), done);
      await client.call(1);
      expect(contents(conversation)).to.deep.equal(['one', 'first', 'two']);
    });

    it('goes on after an answer that failed', async () => {
      const { conversation, client } = start();
      const one = say(conversation, 'one');
      const two = say(conversation, 'two');
      (await client.call(0)).fail(new ChatError({ kind: 'interrupted' }));
      await failure(one);
      await (await client.call(1)).say(text('second'), done);
      expect((await two)?.content).to.equal('second');
    });

    it('lets a repetition wait for its turn as well', async () => {
      const { conversation, client } = start();
      const one = say(conversation, 'one');
      const again = conversation.regenerate();
      await (await client.call(0)).say(text('first'), done);
      await one;
      await (await client.call(1)).say(text('second'), done);
      expect((await again)?.content).to.equal('second');
      expect(contents(conversation)).to.deep.equal(['one', 'second']);
    });
  });

  describe('repeated', () => {
    it('asks the last question again and puts the new answer in the place of the old one', async () => {
      const { conversation, client } = start();
      await answer(conversation, client, 'one', 'first');
      await answer(conversation, client, 'two', 'second');
      const again = conversation.regenerate();
      const call = await client.call(2);
      expect(contents(conversation)).to.deep.equal(['one', 'first', 'two']);
      expect(call.request.messages.map(({ content }) => content)).to.deep.equal(['one', 'first', 'two']);
      await call.say(text('better'), done);
      expect((await again)?.content).to.equal('better');
      expect(contents(conversation)).to.deep.equal(['one', 'first', 'two', 'better']);
    });

    const nothing: Record<string, (conversation: Conversation, client: ScriptedClient) => Promise<void>> = {
      'is stopped before its first word': async (conversation, client) => {
        await client.call(1);
        conversation.stop();
      },
      'fails before its first word': async (_, client) => (await client.call(1)).fail(new ChatError({ kind: 'interrupted' })),
      'is empty': async (_, client) => (await client.call(1)).say(done),
      'is left before its first word': async (conversation, client) => {
        await client.call(1);
        conversation.leave();
      },
    };
    for (const [when, happen] of Object.entries(nothing)) {
      it(`keeps the old answer where the new one ${when}`, async () => {
        const { conversation, client } = start();
        const first = await answer(conversation, client, 'one', 'first');
        const again = conversation.regenerate().catch(() => {});
        await happen(conversation, client);
        await again;
        expect(contents(conversation)).to.deep.equal(['one', 'first']);
        expect(conversation.messages[1]).to.equal(first);
      });
    }

    it('keeps the old answer for the undoing where all is cleared meanwhile', async () => {
      const { conversation, client } = start();
      await answer(conversation, client, 'one', 'first');
      const again = conversation.regenerate();
      await client.call(1);
      conversation.clear();
      expect(await again).to.equal(undefined);
      conversation.undoClear();
      expect(contents(conversation)).to.deep.equal(['one', 'first']);
    });

    it('keeps what came of the new answer where it is stopped', async () => {
      const { conversation, client } = start();
      await answer(conversation, client, 'one', 'first');
      const again = conversation.regenerate();
      await (await client.call(1)).say(text('bett'));
      conversation.stop();
      expect(await again).to.include({ content: 'bett', status: 'stopped' });
      expect(contents(conversation)).to.deep.equal(['one', 'bett']);
    });

    it('answers a question that has none', async () => {
      const { conversation, client } = start();
      conversation.replace([message('user', 'one')]);
      const again = conversation.regenerate();
      await (await client.call(0)).say(text('first'), done);
      await again;
      expect(contents(conversation)).to.deep.equal(['one', 'first']);
    });

    for (const [what, replies, left] of [
      ['did not begin', [], []],
      ['was stopped before its first word', [createMessage({ role: 'assistant', content: '', status: 'stopped' })], []],
      ['broke off', [createMessage({ role: 'assistant', content: 'It is', status: 'interrupted' })], ['It is']],
      [
        'was to call another, which never ran',
        [createMessage({ role: 'assistant', content: 'Hm', tool_calls: [{ id: 'b', function: { name: 'now', arguments: {} } }] })],
        ['Hm'],
      ],
    ] as const) {
      it(`asks on from what tools have given where the answer to them ${what}, and runs none of them again`, async () => {
        const { conversation, client } = start();
        conversation.replace([...toolTurn(), ...replies]);
        const again = conversation.regenerate();
        const call = await client.call(0);
        expect(call.request.messages.map(({ role }) => role)).to.deep.equal(['user', 'assistant', 'tool']);
        await call.say(text('two past nine'), done);
        await again;
        expect(contents(conversation)).to.deep.equal(['What time is it?', '', '09:02', 'two past nine']);
        // And where none comes, what there was stays.
        conversation.replace([...toolTurn(), ...replies]);
        const failing = conversation.regenerate();
        (await client.call(1)).fail(new ChatError({ kind: 'interrupted' }));
        await failing.catch(() => {});
        expect(contents(conversation).slice(3).filter(Boolean)).to.deep.equal(left);
      });
    }

    it('asks the whole question again where tools were used and the answer is complete', async () => {
      const { conversation, client } = start();
      conversation.replace([...toolTurn(), message('assistant', 'It is two past nine.')]);
      const again = conversation.regenerate();
      const call = await client.call(0);
      expect(call.request.messages.map(({ role }) => role)).to.deep.equal(['user']);
      await call.say(text('Nine.'), done);
      await again;
      expect(contents(conversation)).to.deep.equal(['What time is it?', 'Nine.']);
    });

    it('asks the whole question again where its calls were never answered', async () => {
      const { conversation, client } = start();
      conversation.replace(toolTurn().slice(0, 2));
      const again = conversation.regenerate();
      const call = await client.call(0);
      expect(call.request.messages.map(({ role }) => role)).to.deep.equal(['user']);
      await call.say(text('Nine.'), done);
      await again;
      expect(contents(conversation)).to.deep.equal(['What time is it?', 'Nine.']);
    });

    it('does nothing where nothing was asked', async () => {
      const { conversation, client } = start();
      expect(await conversation.regenerate()).to.equal(undefined);
      conversation.replace([message('assistant', 'Welcome')]);
      expect(await conversation.regenerate()).to.equal(undefined);
      expect(client.calls).to.have.lengthOf(0);
      expect(contents(conversation)).to.deep.equal(['Welcome']);
    });
  });

  describe('in the middle of an answer', () => {
    const endings: Record<string, { act: (conversation: Conversation) => void; left: string[] }> = {
      cleared: { act: conversation => conversation.clear(), left: [] },
      replaced: { act: conversation => conversation.replace([message('user', 'other')]), left: ['other'] },
      left: { act: conversation => conversation.leave(), left: ['one', 'fir'] },
    };
    for (const [name, { act, left }] of Object.entries(endings)) {
      describe(name, () => {
        it('closes the connection and takes nothing that comes late', async () => {
          const { conversation, client } = start({ deaf: true });
          void say(conversation, 'one');
          const call = await client.call(0);
          await call.say(text('fir'));
          act(conversation);
          expect(call.signal?.aborted).to.equal(true);
          const told = record(conversation, change => change);
          await call.say(text('st'));
          await untilTrue(() => call.left);
          expect(contents(conversation)).to.deep.equal(left);
          expect(conversation.phase).to.deep.equal({ name: 'idle' });
          expect(told).to.deep.equal([]);
        });

        it('resolves with nothing, what was queued included, and asks nothing more', async () => {
          const { conversation, client } = start();
          const sent = [say(conversation, 'one'), say(conversation, 'two'), conversation.regenerate()];
          await (await client.call(0)).say(text('fir'));
          act(conversation);
          expect(await Promise.all(sent)).to.deep.equal([undefined, undefined, undefined]);
          expect(client.calls).to.have.lengthOf(1);
          expect(contents(conversation)).to.deep.equal(left);
        });

        it('resolves with nothing also where the client fails of it', async () => {
          const { conversation, client } = start();
          const sent = say(conversation, 'one');
          const call = await client.call(0);
          await call.say(text('fir'));
          act(conversation);
          call.fail(new ChatError({ kind: 'interrupted' }));
          expect(await sent).to.equal(undefined);
          expect(conversation.phase.name).to.equal('idle');
        });

        it('works on afterwards', async () => {
          const { conversation, client } = start({ deaf: true });
          void say(conversation, 'one');
          await (await client.call(0)).say(text('fir'));
          act(conversation);
          const next = await answerNext(conversation, client, 1, 'next', 'fine');
          expect(next.content).to.equal('fine');
          expect(contents(conversation)).to.deep.equal([...left, 'next', 'fine']);
        });
      });
    }

    it('left keeps what had come as interrupted', async () => {
      const { conversation, client } = start();
      void say(conversation, 'one');
      await (await client.call(0)).say(text('fir'));
      conversation.leave();
      expect(conversation.messages.at(-1)).to.include({ content: 'fir', status: 'interrupted' });
    });

    it('left before the first word keeps the question alone', async () => {
      const { conversation, client } = start();
      const sent = say(conversation, 'one');
      await client.call(0);
      conversation.leave();
      expect(await sent).to.equal(undefined);
      expect(contents(conversation)).to.deep.equal(['one']);
    });
  });

  describe('cleared', () => {
    it('brings everything back when undone', async () => {
      const { conversation, client } = start();
      await answer(conversation, client, 'one', 'first');
      const before = conversation.messages;
      conversation.clear();
      expect(conversation.messages).to.deep.equal([]);
      expect(conversation.cleared).not.to.deep.equal([]);
      conversation.undoClear();
      expect(conversation.messages).to.deep.equal(before);
      expect(conversation.cleared).to.deep.equal([]);
    });

    it('brings back what had come of an unfinished answer', async () => {
      const { conversation, client } = start();
      void say(conversation, 'one');
      await (await client.call(0)).say(text('fir'));
      conversation.clear();
      conversation.undoClear();
      expect(conversation.messages.map(({ content, status }) => [content, status])).to.deep.equal([
        ['one', 'complete'],
        ['fir', 'stopped'],
      ]);
    });

    it('lets whoever hears of it send at once, and goes on after that', async () => {
      const { conversation, client } = start();
      void say(conversation, 'one');
      await (await client.call(0)).say(text('fir'));
      let again: Promise<unknown> | undefined;
      conversation.subscribe(() => {
        if (conversation.phase.name === 'idle') again ??= say(conversation, 'two');
      });
      conversation.clear();
      const third = say(conversation, 'three');
      await (await client.call(1)).say(text('second'), done);
      await again;
      await (await client.call(2)).say(text('third'), done);
      expect((await third)?.content).to.equal('third');
      expect(conversation.messages.map(({ content }) => content)).to.deep.equal(['two', 'second', 'three', 'third']);
    });

    it('forgets a failure', async () => {
      const { conversation, client } = start();
      const sent = say(conversation, 'one');
      (await client.call(0)).fail(new ChatError({ kind: 'interrupted' }));
      await failure(sent);
      conversation.clear();
      expect(conversation.phase).to.deep.equal({ name: 'idle' });
    });

    it('sends nothing of what was before', async () => {
      const { conversation, client } = start();
      await answer(conversation, client, 'one', 'first');
      conversation.clear();
      await answer(conversation, client, 'two', 'second');
      expect(client.calls[1]?.request.messages).to.deep.equal([{ role: 'user', content: 'two' }]);
    });

    it('cannot be undone any more when something new is said, or all is replaced', async () => {
      const { conversation, client } = start();
      await answer(conversation, client, 'one', 'first');
      conversation.clear();
      void say(conversation, 'two');
      await client.call(1);
      expect(conversation.cleared).to.deep.equal([]);
      conversation.clear();
      conversation.replace([message('user', 'three')]);
      expect(conversation.cleared).to.deep.equal([]);
    });

    it('twice can still be undone', async () => {
      const { conversation, client } = start();
      await answer(conversation, client, 'one', 'first');
      conversation.clear();
      conversation.clear();
      conversation.undoClear();
      expect(contents(conversation)).to.deep.equal(['one', 'first']);
    });

    it('never, loses nothing when undone', async () => {
      const { conversation, client } = start();
      await answer(conversation, client, 'one', 'first');
      conversation.undoClear();
      expect(contents(conversation)).to.deep.equal(['one', 'first']);
    });

    it('never, loses no unfinished answer when undone', async () => {
      const { conversation, client } = start();
      void say(conversation, 'one');
      await (await client.call(0)).say(text('fir'));
      conversation.undoClear();
      expect(conversation.reply?.content).to.equal('fir');
    });
  });

  it('refuses a message that is none, in words, and changes nothing', async () => {
    const { conversation } = start();
    const told = record(conversation, change => change);
    for (const input of [undefined, {}, { role: 'system', content: 'x' }, { role: 'user', content: 7 }]) {
      expect(await rejected(conversation.send(input as ChatMessageInput))).to.be.instanceOf(TypeError);
    }
    expect(told).to.deep.equal([]);
    expect(conversation.messages).to.deep.equal([]);
  });

  it('leaves no rejection that nobody handles but those of its own promises', async () => {
    const unhandled: unknown[] = [];
    const note = (event: PromiseRejectionEvent) => {
      event.preventDefault();
      unhandled.push(event.reason);
    };
    addEventListener('unhandledrejection', note);
    try {
      const { conversation, client } = start();
      const sent = say(conversation, 'one');
      const queued = say(conversation, 'two');
      (await client.call(0)).fail(new ChatError({ kind: 'interrupted' }));
      await failure(sent);
      await client.call(1);
      conversation.stop();
      await queued;
      conversation.clear();
      conversation.leave();
      await settled();
    } finally {
      removeEventListener('unhandledrejection', note);
    }
    expect(unhandled).to.deep.equal([]);
  });

  describe('continued', () => {
    const cutOff = async () => {
      const { client, conversation } = start();
      const sent = say(conversation, 'one');
      await (await client.call(0)).say(thinking('Hm.'), text('Once upon'));
      conversation.stop();
      await sent;
      return { client, conversation };
    };

    it('sends the beginning of the answer last, and adds to it under the same id', async () => {
      const { client, conversation } = await cutOff();
      const before = conversation.messages[1];
      const continued = conversation.continue();
      const call = await client.call(1);
      expect(call.request.messages).to.deep.equal([
        { role: 'user', content: 'one' },
        { role: 'assistant', content: 'Once upon' },
      ]);
      await call.say(text(' a time.'), done);
      expect(await continued).to.include({ id: before?.id, content: 'Once upon a time.', status: 'complete' });
      expect(contents(conversation)).to.deep.equal(['one', 'Once upon a time.']);
    });

    it('keeps what there was when nothing more comes', async () => {
      const { client, conversation } = await cutOff();
      const continued = conversation.continue();
      (await client.call(1)).fail(new ChatError({ kind: 'interrupted' }));
      await failure(continued);
      expect(conversation.messages[1]).to.include({ content: 'Once upon', status: 'interrupted' });
      expect(conversation.messages).to.have.lengthOf(2);
    });

    it('asks nothing where the last answer is complete, empty, or a question', async () => {
      const { client, conversation } = start();
      expect(await conversation.continue()).to.equal(undefined);
      await answer(conversation, client, 'one', 'first');
      expect(await conversation.continue()).to.equal(undefined);
      conversation.replace([message('user', 'one')]);
      expect(await conversation.continue()).to.equal(undefined);
      conversation.replace([createMessage({ role: 'assistant', content: '', status: 'stopped' })]);
      expect(await conversation.continue()).to.equal(undefined);
      expect(client.calls).to.have.lengthOf(1);
    });
  });

  describe('amended', () => {
    it('is the same conversation with other messages, from the next question on', async () => {
      const { client, conversation } = start();
      await answer(conversation, client, 'one', 'first');
      await answer(conversation, client, 'two', 'second');
      const { era } = conversation;
      const told = record(conversation, () => conversation.phase.name);
      const kept = conversation.messages.slice(2);
      conversation.amend(kept);
      expect(told).to.deep.equal(['idle']);
      expect(conversation.messages).to.equal(kept);
      expect(conversation.era).to.equal(era);
      await answer(conversation, client, 'three', 'third');
      expect(client.calls[2]?.request.messages.map(({ content }) => content)).to.deep.equal(['two', 'second', 'three']);
      conversation.clear();
      expect(conversation.era).not.to.equal(era);
    });

    it('is not while a reply is being written', async () => {
      const { client, conversation } = start();
      const sent = say(conversation, 'one');
      const call = await client.call(0);
      await call.say(text('fir'));
      conversation.amend([]);
      expect(contents(conversation)).to.deep.equal(['one']);
      await call.say(text('st'), done);
      await sent;
      expect(contents(conversation)).to.deep.equal(['one', 'first']);
    });

    it('is no failure any more', async () => {
      const { client, conversation } = start();
      const sent = say(conversation, 'one');
      (await client.call(0)).fail(new ChatError({ kind: 'interrupted' }));
      await failure(sent);
      conversation.amend([]);
      expect(conversation.phase).to.deep.equal({ name: 'idle' });
    });
  });

  describe('edited', () => {
    it('asks the new question in the place of the old one; what came after it is gone', async () => {
      const { client, conversation } = start();
      await answer(conversation, client, 'one', 'first');
      const asked = conversation.messages[0];
      await answer(conversation, client, 'two', 'second');
      const edited = conversation.edit(asked?.id ?? '', 'another one');
      await (await client.call(2)).say(text('anew'), done);
      await edited;
      expect(contents(conversation)).to.deep.equal(['another one', 'anew']);
      expect(conversation.messages[0]?.id).to.equal(asked?.id);
      expect(client.calls[2]?.request.messages).to.deep.equal([{ role: 'user', content: 'another one' }]);
    });

    it('changes nothing for an id that is no question', async () => {
      const { client, conversation } = start();
      const { id } = await answer(conversation, client, 'one', 'first');
      for (const wrong of [id, 'nobody']) expect(await conversation.edit(wrong, 'x')).to.equal(undefined);
      expect(contents(conversation)).to.deep.equal(['one', 'first']);
    });
  });

  describe('followed elsewhere', () => {
    const reply = (content: string) => createMessage({ role: 'assistant', content, id: 'r', status: 'interrupted' });
    const nobody = () => {};

    it('shows the reply as it grows, by deltas while nothing else has changed', () => {
      const { conversation } = start();
      const changes = record(conversation, change => change);
      const messages = [message('user', 'one')];
      conversation.follow(messages, { name: 'waiting', reply: reply(''), stop: nobody });
      conversation.follow(messages, { name: 'answering', reply: reply('fir'), stop: nobody });
      conversation.follow(messages, { name: 'answering', reply: reply('first'), stop: nobody });
      expect(changes).to.deep.equal(['state', 'state', 'delta']);
      expect(conversation.phase).to.include({ name: 'answering' });
      expect(conversation.reply?.content).to.equal('first');
      expect(conversation.isElsewhere).to.equal(true);
    });

    it('lets a question wait for its end', async () => {
      const { client, conversation } = start();
      const messages = [message('user', 'one')];
      conversation.follow(messages, { name: 'answering', reply: reply('fir'), stop: nobody });
      const sent = say(conversation, 'two');
      await settled();
      expect(client.calls).to.have.lengthOf(0);
      conversation.follow([...messages, { ...reply('first'), status: 'complete' }]);
      await (await client.call(0)).say(text('second'), done);
      await sent;
      expect(contents(conversation)).to.deep.equal(['one', 'first', 'two', 'second']);
    });

    it('is stopped there, and not here', () => {
      const { conversation } = start();
      let stopped = 0;
      conversation.follow([], { name: 'answering', reply: reply('fir'), stop: () => stopped++ });
      conversation.stop();
      expect(stopped).to.equal(1);
      expect(conversation.phase.name).to.equal('answering');
    });

    it('leaves the answer alone that is being written here: its messages come before it', async () => {
      const { client, conversation } = start();
      const sent = say(conversation, 'mine');
      const mine = conversation.messages;
      conversation.follow([message('user', 'theirs'), message('assistant', 'answered'), ...mine]);
      const call = await client.call(0);
      expect(call.request.messages.map(({ content }) => content)).to.deep.equal(['theirs', 'answered', 'mine']);
      await call.say(text('first'), done);
      await sent;
      expect(contents(conversation)).to.deep.equal(['theirs', 'answered', 'mine', 'first']);
    });

    it('can be left for a new conversation', async () => {
      const { client, conversation } = start();
      conversation.follow([message('user', 'one')], { name: 'answering', reply: reply('fir'), stop: nobody });
      conversation.clear();
      expect(conversation.messages).to.deep.equal([]);
      await answer(conversation, client, 'two', 'second');
      expect(contents(conversation)).to.deep.equal(['two', 'second']);
    });
  });

  it('would keep the replaced answer, and what has come, if everything ended now', async () => {
    const { client, conversation } = start();
    await answer(conversation, client, 'one', 'first');
    void conversation.regenerate();
    expect(conversation.soFar.map(({ content }) => content)).to.deep.equal(['one', 'first']);
    await (await client.call(1)).say(text('sec'));
    expect(conversation.soFar.map(({ content, status }) => [content, status])).to.deep.equal([
      ['one', 'complete'],
      ['sec', 'interrupted'],
    ]);
    conversation.stop();
    expect(conversation.soFar).to.equal(conversation.messages);
  });
});

const backend = (client: ChatClient, system = ''): Backend => ({ client, request: { model: 'tiny' }, system });

function start({ system, deaf }: { system?: string; deaf?: boolean } = {}) {
  const client = new ScriptedClient(deaf);
  return { client, conversation: new Conversation(async () => backend(client, system)) };
}

const toolTurn = () => [
  message('user', 'What time is it?'),
  createMessage({ role: 'assistant', content: '', tool_calls: [{ id: 'a', function: { name: 'now', arguments: {} } }] }),
  createMessage({ role: 'tool', content: '09:02', tool_name: 'now', tool_call_id: 'a' }),
];

const message = (role: 'user' | 'assistant', content: string) => createMessage({ role, content });

const say = (conversation: Conversation, content: string) => conversation.send({ role: 'user', content });

/** One whole turn. */
const answer = (conversation: Conversation, client: ScriptedClient, question: string, reply: string): Promise<ChatMessage> =>
  answerNext(conversation, client, client.calls.length, question, reply);

async function answerNext(conversation: Conversation, client: ScriptedClient, index: number, question: string, reply: string) {
  const sent = say(conversation, question);
  await (await client.call(index)).say(text(reply), done);
  const got = await sent;
  if (!got) return expect.fail('no answer came');
  return got;
}

const contents = (conversation: Conversation) => conversation.messages.map(({ content }) => content);

/** What `read` finds at each change, unless that is `false`. */
function record<T>(conversation: Conversation, read: (change: Change) => T | false): T[] {
  const seen: T[] = [];
  conversation.subscribe(change => {
    const value = read(change);
    if (value !== false) seen.push(value);
  });
  return seen;
}

async function rejected(promise: Promise<unknown>): Promise<unknown> {
  const nothing = Symbol();
  const error = await promise.then(
    () => nothing,
    (reason: unknown) => reason,
  );
  return error === nothing ? expect.fail('was not rejected') : error;
}

async function failure(promise: Promise<unknown>): Promise<ChatErrorDetail> {
  const error = await rejected(promise);
  expect(error).to.be.instanceOf(ChatError);
  return (error as ChatError).detail;
}

function later<T>() {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>(keep => (resolve = keep));
  return { promise, resolve };
}

/** All that promises can do by now has been done: they run before the next task. */
const settled = () => new Promise<void>(resolve => setTimeout(resolve));

async function untilTrue(condition: () => boolean): Promise<void> {
  while (!condition()) await settled();
}
