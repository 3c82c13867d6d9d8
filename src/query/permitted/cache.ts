import { BoundedCache } from '../../base/memory/bounded-cache.ts';
import type { Principal } from '../../base/principal.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import { type PermittedCatalog, permittedCatalog } from './permitted-catalog.ts';

/** How many sets of scopes have their permitted catalog cached, with what APIs derive from it, such as a GraphQL schema. */
const permittedMax = 100;

/** @returns the permitted catalog of a principal, built once for all principals with the same scopes */
export function cachePermitted(catalog: Catalog): (principal: Principal) => PermittedCatalog {
  const cache = new BoundedCache<PermittedCatalog>(permittedMax);
  return principal => cache.getOrMake(principal.scopeKey, () => permittedCatalog(catalog, principal));
}

/** @returns `derive`, run once for each permitted catalog; its result is dropped together with that catalog */
export function oncePerPermitted<Derived extends object>(
  derive: (permitted: PermittedCatalog) => Derived,
): (permitted: PermittedCatalog) => Derived {
  const derived = new WeakMap<PermittedCatalog, Derived>();
  return permitted => {
    const known = derived.get(permitted);
    if (known) return known;
    const created = derive(permitted);
    derived.set(permitted, created);
    return created;
  };
}
