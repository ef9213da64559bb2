/** Downloads a model that the server lacks, and shows how far that is. */
import type { ExtrasContext } from './extras-host';

export class Download {
  constructor(readonly context: ExtrasContext) {}
  update(): void {}
  close(): void {}
  get card(): unknown {
    return undefined;
  }
  async begin(_model: string): Promise<void> {}
}

export const styles = '';
