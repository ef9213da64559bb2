/** Points the demo's chats at a server, and says which one it is. A site of your own writes `url` into the tag instead. */
import type { DemoServer } from './ollama/vite-plugin';

const lang = new URLSearchParams(location.search).get('lang');
if (lang) document.documentElement.lang = lang;

const server = (await (await fetch('/demo/server.json')).json()) as DemoServer;
for (const chat of document.querySelectorAll('ollama-chat')) chat.url = server.url;

const note = document.querySelector('#server');
if (note) {
  note.textContent = server.scripted
    ? 'No Ollama was found, so no model is behind this demo: its answers are scripted. Start Ollama and reload to talk to a real one.'
    : `Talking to Ollama ${server.version ?? ''} at ${server.proxied ? 'OLLAMA_HOST, through this page’s server' : server.url}.`;
}
