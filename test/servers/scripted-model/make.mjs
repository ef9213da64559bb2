/**
 * Writes a tiny GGUF model whose greedy answers are fixed by scripts.json, so that a real inference server (llama-server, Ollama)
 * streams real tokens, thoughts and tool calls, with no weights downloaded. Knows nothing of the tests.
 *
 *   node make.mjs OUT.gguf [scripts.json] [chat.jinja]
 *
 * The model is a Markov chain. Token embeddings are one-hot, attention and feed-forward weights are zero, so the logits depend on
 * the last token alone: output.weight[next(t)][t] = 4. Each script begins with a marker token of its own (①, ②, …); the chat
 * template ends the prompt with the marker that fits the conversation, and the chain does the rest until <|end|>. A script that
 * ends in ↺ goes back to its first piece instead and never ends by itself.
 */
import { readFileSync, writeFileSync } from 'node:fs';

const [out = 'scripted.gguf', scriptsFile = 'scripts.json', templateFile = 'chat.jinja'] = process.argv.slice(2);
const here = name => (name.includes('/') ? name : new URL(name, import.meta.url));
const scripts = JSON.parse(readFileSync(here(scriptsFile), 'utf8'));
const template = readFileSync(here(templateFile), 'utf8');

// --- vocabulary and chain -------------------------------------------------------------------------
const NORMAL = 1,
  UNKNOWN = 2,
  CONTROL = 3,
  BYTE = 6;
const vocab = [
  ['<unk>', UNKNOWN],
  ['<s>', CONTROL],
  ['</s>', CONTROL],
  ['<|end|>', CONTROL],
];
const END = 3;
const hex = n => n.toString(16).toUpperCase().padStart(2, '0');
for (let byte = 0; byte < 256; byte++) vocab.push([`<0x${hex(byte)}>`, BYTE]);

const ids = new Map();
const add = text => {
  ids.set(text, vocab.length);
  return vocab.push([text, NORMAL]) - 1;
};
add('▁');
for (let code = 33; code < 127; code++) add(String.fromCharCode(code));

const next = new Map();
for (const [marker, script] of Object.entries(scripts)) {
  const endless = script.endsWith('↺');
  const answer = endless ? script.slice(0, -1) : script;
  const start = add(marker);
  let previous = start;
  let carry = ''; // a piece already in the vocabulary is glued to the one after it: every token occurs once
  const pieces = answer.match(/<\/?(?:think|tool_call)>\n?|\s*\S+|\s+$/g);
  pieces.forEach((piece, index) => {
    carry += piece;
    const text = carry.replaceAll(' ', '▁');
    if (ids.has(text)) {
      if (index < pieces.length - 1) return;
      throw new Error(`script ${marker} ends in a piece that an earlier one holds: ${text}`);
    }
    const id = add(text);
    next.set(previous, id);
    previous = id;
    carry = '';
  });
  next.set(previous, endless ? next.get(start) : END);
}

// --- GGUF ------------------------------------------------------------------------------------------
const V = vocab.length,
  E = Math.ceil(V / 64) * 64,
  FF = 32,
  HEAD = 64;
const bytes = (size, write) => {
  const b = Buffer.alloc(size);
  write(b);
  return b;
};
const u32 = n => bytes(4, b => b.writeUInt32LE(n));
const u64 = n => bytes(8, b => b.writeBigUInt64LE(BigInt(n)));
const f32 = n => bytes(4, b => b.writeFloatLE(n));
const str = s => Buffer.concat([u64(Buffer.byteLength(s)), Buffer.from(s)]);
const TYPE = { u32: 4, f32: 6, bool: 7, str: 8, array: 9 };
const pair = (key, type, value) => Buffer.concat([str(key), u32(type), value]);
const list = (key, type, items, encode) => pair(key, TYPE.array, Buffer.concat([u32(type), u64(items.length), ...items.map(encode)]));

const meta = [
  pair('general.architecture', TYPE.str, str('llama')),
  pair('general.name', TYPE.str, str('scripted')),
  pair('general.file_type', TYPE.u32, u32(0)),
  ...Object.entries({
    vocab_size: V,
    context_length: 8192,
    embedding_length: E,
    block_count: 1,
    feed_forward_length: FF,
    'rope.dimension_count': HEAD,
    'attention.head_count': E / HEAD,
    'attention.head_count_kv': 1,
  }).map(([key, n]) => pair(`llama.${key}`, TYPE.u32, u32(n))),
  pair('llama.attention.layer_norm_rms_epsilon', TYPE.f32, f32(1e-5)),
  pair('tokenizer.ggml.model', TYPE.str, str('llama')),
  pair('tokenizer.ggml.pre', TYPE.str, str('default')),
  list('tokenizer.ggml.tokens', TYPE.str, vocab, ([text]) => str(text)),
  list('tokenizer.ggml.scores', TYPE.f32, vocab, ([, type], i) => f32(type === NORMAL ? -i : 0)),
  list('tokenizer.ggml.token_type', 5, vocab, ([, type]) => u32(type)),
  pair('tokenizer.ggml.bos_token_id', TYPE.u32, u32(1)),
  pair('tokenizer.ggml.eos_token_id', TYPE.u32, u32(END)),
  pair('tokenizer.ggml.unknown_token_id', TYPE.u32, u32(0)),
  pair('tokenizer.ggml.add_bos_token', TYPE.bool, Buffer.from([1])),
  pair('tokenizer.ggml.add_space_prefix', TYPE.bool, Buffer.from([0])),
  pair('tokenizer.chat_template', TYPE.str, str(template)),
];

const ones = b => {
  for (let i = 0; i < b.length; i += 4) b.writeFloatLE(1, i);
};
const at = (row, column) => (row * E + column) * 4;
const oneHot = b => {
  for (let t = 0; t < V; t++) b.writeFloatLE(1, at(t, t));
};
const chain = b => {
  for (let t = 0; t < V; t++) b.writeFloatLE(4, at(next.get(t) ?? END, t));
};
const zeros = () => {};
const tensors = [
  ['token_embd.weight', [E, V], oneHot],
  ['output_norm.weight', [E], ones],
  ['output.weight', [E, V], chain],
  ['blk.0.attn_norm.weight', [E], ones],
  ['blk.0.ffn_norm.weight', [E], ones],
  ['blk.0.attn_q.weight', [E, E], zeros],
  ['blk.0.attn_k.weight', [E, HEAD], zeros],
  ['blk.0.attn_v.weight', [E, HEAD], zeros],
  ['blk.0.attn_output.weight', [E, E], zeros],
  ['blk.0.ffn_gate.weight', [E, FF], zeros],
  ['blk.0.ffn_up.weight', [E, FF], zeros],
  ['blk.0.ffn_down.weight', [FF, E], zeros],
];
const pad = n => Buffer.alloc((32 - (n % 32)) % 32);
const infos = [],
  data = [];
let offset = 0;
for (const [name, dims, fill] of tensors) {
  const size = dims.reduce((a, b) => a * b) * 4;
  infos.push(Buffer.concat([str(name), u32(dims.length), ...dims.map(u64), u32(0), u64(offset)]));
  data.push(bytes(size, fill), pad(size));
  offset += size + pad(size).length;
}
const head = Buffer.concat([Buffer.from('GGUF'), u32(3), u64(tensors.length), u64(meta.length), ...meta, ...infos]);
writeFileSync(out, Buffer.concat([head, pad(head.length), ...data]));
console.log(`${out}: ${V} tokens, ${Object.keys(scripts).length} scripts`);
