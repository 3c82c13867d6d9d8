import { type Role, roles } from '../../auth/scopes/roles.ts';
import { fault } from '../../base/errors.ts';
import { didYouMean } from '../../base/near-name.ts';
import type { Members } from '../../http/message/json-members.ts';

/** @returns null for no role (scopes only), undefined if the member is missing */
export function roleIn(members: Members): Role | null | undefined {
  const { role } = members;
  if (role === undefined || role === null || roles.includes(role as Role))
    return role as Role | null | undefined;
  const hint = typeof role === 'string' ? didYouMean(role, roles) : undefined;
  throw fault('INVALID_VALUE', `"role" must be one of ${roles.join(', ')}, or null.`, {
    target: 'role',
    hint,
  });
}
