/**
 * The words about how full the model's context is, in every language: few, and loaded at a time when another request would
 * only hold them up. English is the type of all others.
 */
const en = {
  context: 'Context',
  contextUse: '{used} of {limit} tokens',
  nearlyFull: 'This chat fills {percent} % of what the model can read.',
  cut: 'This chat is longer than the model can read: it no longer sees the beginning.',
  largerContext: 'Let it read {limit} tokens',
};

export type ContextStrings = typeof en;

const vi: ContextStrings = {
  context: 'Ngữ cảnh',
  contextUse: '{used} trong {limit} token',
  nearlyFull: 'Cuộc trò chuyện đã chiếm {percent} % phần mô hình có thể đọc.',
  cut: 'Cuộc trò chuyện dài hơn phần mô hình có thể đọc: mô hình không còn thấy phần đầu.',
  largerContext: 'Cho đọc {limit} token',
};

/** Each language by its name, as `languageOf()` has it. */
export const contextWords = new Map([
  ['en', en],
  ['vi', vi],
]);

/** The table for such a name; English where there is none. */
export const contextStrings = (language: string): ContextStrings => contextWords.get(language) ?? en;
