/** Pictures and text files that go along with the next message. */
import type { Abilities } from './abilities';
import type { ExtrasContext } from './extras-host';

export class Attachments {
  constructor(
    readonly context: ExtrasContext,
    readonly abilities: Abilities,
  ) {}
  close(): void {}
  get button(): unknown {
    return this.context.kit.nothing;
  }
  get list(): unknown {
    return this.context.kit.nothing;
  }
  get isLaden(): boolean {
    return false;
  }
  pack(content: string): { content: string; images: string[] } {
    return { content, images: [] };
  }
  unload(): void {}
  hold(): void {}
  async toBase64(_images: readonly (string | Blob)[]): Promise<string[]> {
    return [];
  }
}

export const styles = '';
