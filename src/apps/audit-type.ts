export type { Audit } from '../audit/create-audit.ts';
export type { AuditEvent } from '../audit/event.ts';
