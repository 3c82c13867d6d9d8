import type { Principal } from '../auth/principal.ts';
import type { Incoming } from '../http/message.ts';

export interface AuditEvent {
  readonly kind: string;
  readonly userId?: string;
  readonly subject?: string;
  readonly principal?: Principal;
  readonly request?: Incoming;
  readonly details?: Readonly<Record<string, unknown>>;
}

export interface Audit {
  record(event: AuditEvent): Promise<void>;
}
