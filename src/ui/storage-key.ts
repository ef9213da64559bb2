/** Under which name something is kept. */

export interface StorageNames {
  id: string;
  storageKey: string;
}

/** No colon: what is kept under one key must not look like another one. */
export const keyOf = ({ storageKey, id }: StorageNames) => (storageKey || id || 'default').replace(/[%:]/g, encodeURIComponent);
