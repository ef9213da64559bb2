/** Which model the visitor chose before: for this tab, or in this browser where conversations are kept there, too. */
import { keyOf, type StorageNames } from './storage-key';

const nameOf = (names: StorageNames) => `ollama-chat:${keyOf(names)}:model`;

export function rememberedModel(names: StorageNames): string | null {
  try {
    return sessionStorage.getItem(nameOf(names)) ?? localStorage.getItem(nameOf(names));
  } catch {
    // The page may store nothing.
    return null;
  }
}

/** @param isForGood Whether it outlives the tab. */
export function rememberModel(names: StorageNames, model: string, isForGood: boolean): void {
  try {
    sessionStorage.setItem(nameOf(names), model);
    if (isForGood) localStorage.setItem(nameOf(names), model);
  } catch {
    // Then it holds for this page.
  }
}
