import { anonymous } from '../base/principal.ts';
import { type RestRoute, restRoute } from '../http/rest/rest-route.ts';
import type { DescribeCaller } from './me.ts';
import { meOperations } from './me-operations.ts';

/** `GET /api/me`: describes the caller's own credential. */
export const meRoute = ({ me }: { me: DescribeCaller }): RestRoute =>
  restRoute(meOperations.get, (_, { principal }) => me(principal ?? anonymous));
