import { entity } from './entity.ts';

export const customer = entity('Customer', () => ({
  set: 'customers',
  naturalKey: ['number'],
  search: ['name', 'city'],
  restricted: { email: 'customers.contact', phone: 'customers.contact' },
}));
