import { escapeLiteral } from 'pg';
import type { TransactionOptions } from './database.ts';

/** @returns what begins a transaction with these options */
export function beginText({ statementTimeoutMs, snapshot, settings = {} }: TransactionOptions): string {
  let text = snapshot ? 'begin isolation level repeatable read, read only' : 'begin';
  if (statementTimeoutMs !== undefined)
    text += `; set local statement_timeout = ${Math.trunc(statementTimeoutMs)}`;
  if (statementTimeoutMs === 0) text += '; set local lock_timeout = 0';
  for (const [name, value] of Object.entries(settings))
    text += `; set local ${name} = ${escapeLiteral(value)}`;
  return text;
}
