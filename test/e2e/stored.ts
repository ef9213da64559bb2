/** What is stored of a conversation, as it is: read without the widget. */
import type { Page } from '@playwright/test';

export interface Store {
  /** In their order. */
  ids: string[];
  records: Record<string, unknown>[];
  draft: string;
  /** What belongs to nothing. */
  orphans: string[];
}

export const readStore = (page: Page, reach: 'tab' | 'browser'): Promise<Store> => page.evaluate(reach === 'tab' ? readTab : readBrowser);

/** Runs in the page. */
function readTab(): Store {
  const prefix = 'ollama-chat:default:';
  const head = JSON.parse(sessionStorage.getItem(`${prefix}chat`) ?? '{"order":[]}') as { order: string[]; draft: string };
  const names = head.order.map(id => `${prefix}chat:${id}`);
  const records = names.map(name => JSON.parse(sessionStorage.getItem(name) ?? 'null') as Record<string, unknown>);
  const orphans = Object.keys(sessionStorage).filter(name => name.startsWith(`${prefix}chat:`) && !names.includes(name));
  return { ids: head.order, records, draft: head.draft, orphans };
}

/** Runs in the page. */
async function readBrowser(): Promise<Store> {
  if (!(await indexedDB.databases()).length) return { ids: [], records: [], draft: '', orphans: [] };
  const db = await new Promise<IDBDatabase>((resolve, reject) => {
    const opening = indexedDB.open('ollama-chat');
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error as Error);
  });
  const reading = db.transaction(['conversations', 'messages']);
  const all = (name: string) =>
    new Promise<Record<string, unknown>[]>((resolve, reject) => {
      const request = reading.objectStore(name).getAll();
      request.onsuccess = () => resolve(request.result as Record<string, unknown>[]);
      request.onerror = () => reject(request.error as Error);
    });
  const [conversations, messages] = await Promise.all([all('conversations'), all('messages')]);
  db.close();
  const [first] = conversations;
  const records = messages.toSorted((a, b) => Number(a['order']) - Number(b['order']));
  const orphans = messages.filter(message => message['conversation'] !== first?.['id']).map(({ id }) => String(id));
  if (conversations.length > 1) orphans.push(...conversations.slice(1).map(({ id }) => `conversation ${String(id)}`));
  if (first && first['size'] !== records.length) orphans.push(`size ${String(first['size'])}`);
  return { ids: records.map(({ id }) => String(id)), records, draft: String(first?.['draft'] ?? ''), orphans };
}
