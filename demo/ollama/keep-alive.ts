/**
 * Reads `keep_alive` as Ollama does: seconds, or a Go duration with its unit.
 * Pure: keeps no model.
 */

/** Where Ollama's "forever" ends up: a date centuries away. */
export const FOREVER = Date.UTC(2319, 2, 4);

const DEFAULT_SECONDS = 300;
const UNITS: Record<string, number> = { ns: 1e-9, us: 1e-6, µs: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600 };

/** Seconds, `Infinity` for a negative value, or the server's words for what it refuses. */
export function keepAlive(value: unknown): number | { error: string } {
  if (value === undefined || value === null) return DEFAULT_SECONDS;
  if (typeof value === 'number') return value < 0 ? Infinity : value;
  if (typeof value !== 'string') return { error: `Unsupported type: '${goType(value)}'` };
  const [, sign, amount = ''] = /^([+-]?)(.*)$/s.exec(value) ?? [];
  if (amount === '0') return 0;
  if (/^[\d.]+$/.test(amount)) return { error: `time: missing unit in duration ${JSON.stringify(value)}` };
  if (!/^(?:\d+(?:\.\d*)?(?:ns|us|µs|ms|s|m|h))+$/.test(amount)) return { error: `time: invalid duration ${JSON.stringify(value)}` };
  if (sign === '-') return Infinity;
  const parts = [...amount.matchAll(/([\d.]+)([a-zµ]+)/g)];
  return parts.reduce((sum, [, count, unit = '']) => sum + Number(count) * (UNITS[unit] ?? 0), 0);
}

function goType(value: unknown): string {
  if (typeof value === 'boolean') return 'bool';
  return Array.isArray(value) ? '[]interface {}' : 'map[string]interface {}';
}
