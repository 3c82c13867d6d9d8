import { fault } from '../../base/errors.ts';
import { didYouMean } from '../../base/near-name.ts';

/** A credential, if the configuration allows it in the query: never an option. */
const credential = 'api_key';

/**
 * @param query of a route of the platform
 * @returns its options @throws UNKNOWN_OPTION with the nearest known name
 */
export function readQueryOptions(query: string, known: readonly string[]): URLSearchParams {
  const params = new URLSearchParams(query);
  params.delete(credential);
  const unknown = [...params.keys()].find(name => !known.includes(name));
  if (unknown === undefined) return params;
  throw fault('UNKNOWN_OPTION', `There is no option "${unknown.slice(0, 100)}".`, {
    hint: didYouMean(unknown, known) ?? `Expected: ${known.join(', ')}.`,
  });
}
