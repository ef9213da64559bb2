/** What a page gives into the model's hands. */
import type { ExtrasHost } from './extras-host';

/** Whether the model is to have any: then what is said may leave this computer. */
export const hasTools = ({ tools, mcpServers, webmcp }: Pick<ExtrasHost, 'tools' | 'mcpServers' | 'webmcp'>): boolean =>
  // What is no list is looked at, too, to say so.
  webmcp || [tools, mcpServers].some(list => list && list.length !== 0);
