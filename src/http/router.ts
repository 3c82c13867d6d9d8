import { fault } from '../base/errors.ts';
import { preflight } from './message/cors.ts';
import type { Route, RouteGroup } from './message/route.ts';
import { nearPath } from './near-path.ts';

/** The route that matches a request, and its group. */
export interface Match {
  readonly route: Route;
  readonly group: RouteGroup;
}

export interface Router {
  /** @throws NOT_FOUND, METHOD_NOT_ALLOWED with the header Allow */
  match(method: string, path: string): Match;
}

/** The routes of one path, by method. */
interface Place {
  readonly path: string;
  readonly prefix: boolean;
  /** Of a path with parameters: those have undefined. */
  readonly segments?: readonly (string | undefined)[];
  readonly methods: Map<string, Match>;
}

/**
 * Finds routes: exact paths, then paths with parameters, then prefixes, the longer ones first. A trailing slash is ignored.
 * Every path answers OPTIONS, by its own route or with the allowed methods.
 * @throws Error when two routes claim the same method and path
 */
export function createRouter(groups: readonly RouteGroup[]): Router {
  const places = new Map<string, Place>();
  for (const group of groups) {
    for (const route of group.routes) addRoute(places, { route, group });
  }
  const exact = new Map(
    [...places.values()].filter(place => !place.prefix && !place.segments).map(place => [place.path, place]),
  );
  const templates = [...places.values()].filter(place => place.segments);
  const prefixes = [...places.values()]
    .filter(place => place.prefix)
    .sort((a, b) => b.path.length - a.path.length);
  const paths = [...places.values()].map(place => place.path);

  /** The places that match a path, the most specific first. */
  function* placesOf(path: string): Iterable<Place> {
    const found = exact.get(path);
    if (found) yield found;
    const segments = path.split('/');
    for (const template of templates) if (fits(segments, template.segments!)) yield template;
    for (const prefix of prefixes) if (isUnder(path, prefix.path)) yield prefix;
  }

  function match(method: string, path: string): Match {
    const plain = path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
    const found = exact.get(plain)?.methods.get(method);
    if (found) return found;
    for (const place of placesOf(plain)) {
      const served = place.methods.get(method);
      if (served) return served;
    }
    return miss(method, plain);
  }

  function miss(method: string, path: string): Match {
    const here = [...placesOf(path)];
    const [nearest] = here;
    if (!nearest) throw nothingAt(path, paths);
    const allowed = allowedMethods(here);
    if (method === 'OPTIONS') return optionsMatch(nearest, allowed);
    throw fault('METHOD_NOT_ALLOWED', `${nearest.path} supports only ${allowed.join(', ')}.`, {
      headers: { allow: allowed.join(', ') },
    });
  }

  return { match };
}

function addRoute(places: Map<string, Place>, match: Match): void {
  const { path, method } = match.route;
  const place = places.get(path) ?? newPlace(path);
  places.set(path, place);
  for (const name of typeof method === 'string' ? [method] : method) {
    if (place.methods.has(name)) throw new Error(`Two routes serve ${name} ${path}.`);
    place.methods.set(name, match);
  }
}

function newPlace(path: string): Place {
  const prefix = path.endsWith('/*');
  const segments = path.includes('{')
    ? path.split('/').map(part => (part[0] === '{' ? undefined : part))
    : undefined;
  return { path: prefix ? path.slice(0, -2) : path, prefix, segments, methods: new Map() };
}

const fits = (segments: readonly string[], template: readonly (string | undefined)[]): boolean =>
  segments.length === template.length &&
  template.every((part, i) => (part === undefined ? segments[i] !== '' : part === segments[i]));

const isUnder = (path: string, prefix: string): boolean =>
  path.startsWith(prefix) && (path.length === prefix.length || path[prefix.length] === '/');

const nothingAt = (path: string, known: readonly string[]) =>
  fault('NOT_FOUND', `There is nothing at ${path.slice(0, shownMax)}.`, { hint: nearPath(path, known) });

const shownMax = 200;

function allowedMethods(places: readonly Place[]): string[] {
  const methods = new Set(places.flatMap(place => [...place.methods.keys()]));
  if (methods.has('GET')) methods.add('HEAD');
  return [...methods.add('OPTIONS')];
}

function optionsMatch(place: Place, allowed: readonly string[]): Match {
  const [{ group }] = [...place.methods.values()] as [Match];
  const handle = preflight(allowed, group.crossOrigin === true);
  return { group, route: { method: 'OPTIONS', path: place.path, open: true, handle } };
}
