/** Whether the arguments of a call fit the schema of its tool. The validator comes with the first call. */

/** What is wrong with them, in words that a model can act on; empty for nothing. @throws where the schema is none. */
export async function faultOf(args: Record<string, unknown>, schema: object): Promise<string> {
  const { Validator } = await import('./validator');
  const { errors } = new Validator(schema, '2020-12', false).validate(args);
  // The last ones are the closest to what is wrong; the first only say that something below them is.
  const words = errors
    .filter(({ keyword }) => keyword !== 'properties' && keyword !== 'items')
    .map(({ instanceLocation, error }) => `${instanceLocation.slice(1) || '/'}: ${error}`);
  return [...new Set(words)].slice(0, 10).join(' ');
}
