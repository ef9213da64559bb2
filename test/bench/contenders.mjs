/** Runs in the page: three ways to show a reply that comes in parts. Each returns what takes a part, and the end. */
import createDOMPurify from 'dompurify';
import { marked } from 'marked';

function box() {
  const log = document.createElement('div');
  log.className = 'log';
  document.body.append(log);
  return log;
}

const toEnd = log => (log.scrollTop = log.scrollHeight);

/** No Markdown at all: one element for each line. */
function text() {
  const log = box();
  let line = log.appendChild(document.createElement('div'));
  line.append('');
  return {
    take(part) {
      const [first = '', ...rest] = part.split('\n');
      line.firstChild.appendData(first);
      for (const words of rest) {
        line = log.appendChild(document.createElement('div'));
        line.append(document.createTextNode(words));
      }
      toEnd(log);
    },
    end() {},
  };
}

/** What a page does that has no renderer for streams: the whole text anew, once a frame. */
function perFrame() {
  const log = box();
  const purify = createDOMPurify(window);
  let whole = '';
  return {
    take(part) {
      whole += part;
      log.innerHTML = purify.sanitize(marked.parse(whole));
      toEnd(log);
    },
    end() {},
  };
}

/** The element, from the built script; its server is a stream that we hold. */
async function ours() {
  await customElements.whenDefined('ollama-chat');
  const chat = document.createElement('ollama-chat');
  chat.model = 'bench';
  document.body.append(chat);
  await chat.updateComplete;
  let stream;
  const body = new ReadableStream({ start: controller => void (stream = controller) });
  window.fetch = async url => (String(url).endsWith('/api/chat') ? new Response(body) : Response.json({ models: [] }));
  void chat.send('Go');
  const encoder = new TextEncoder();
  const write = value => stream.enqueue(encoder.encode(value));
  return {
    take: part => write(part.tokens.map(content => `${JSON.stringify({ message: { content } })}\n`).join('')),
    end: async () => {
      write('{"done":true,"message":{"content":""}}\n');
      while (chat.phase !== 'idle') await new Promise(requestAnimationFrame);
    },
    wantsTokens: true,
  };
}

window.contenders = { text, perFrame, ours };

/** One reply, 64 tokens in each frame, until it has been painted. */
window.run = async (name, tokens) => {
  const contender = await window.contenders[name]();
  const frame = () => new Promise(requestAnimationFrame);
  await frame();
  for (let at = 0; at < tokens.length; at += 64) {
    const part = tokens.slice(at, at + 64);
    contender.take(contender.wantsTokens ? { tokens: part } : part.join(''));
    await frame();
  }
  await contender.end();
  await frame();
  await frame();
};
