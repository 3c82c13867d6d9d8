import type { Principal } from '../../base/principal.ts';
import type { Incoming } from '../../http/message/message.ts';

/** Who uses or changes mappers, and from where, for the audit log. */
export interface MapperCaller {
  readonly principal: Principal;
  readonly request?: Pick<Incoming, 'address' | 'id' | 'header'>;
}

/** Administrators change the mappers of everyone. */
export const isAdmin = ({ principal }: MapperCaller): boolean => principal.scopes.has('admin');
