import type { ScopeDescriptions } from '../auth/scopes/describe-scope.ts';
import { type Html, html } from './html.ts';
import { type Choice, checkboxes } from './parts.ts';

export interface ScopeChoices {
  readonly legend: string;
  /** The scopes to offer. */
  readonly scopes: readonly string[];
  readonly chosen: readonly string[];
  readonly describeScope: ScopeDescriptions;
}

/** @returns checkboxes named `scope`: scopes for all sets first; single sets and restricted fields are collapsed unless one is chosen */
export function scopeChoices({ legend, scopes, chosen, describeScope }: ScopeChoices): Html {
  const choice = (scope: string): Choice => ({
    value: scope,
    label: describeScope(scope),
    hint: html`<code>${scope}</code>`,
    checked: chosen.includes(scope),
  });
  const broad = scopes.filter(scope => !scope.includes(':'));
  const narrow = scopes.filter(scope => scope.includes(':'));
  const isOpen = broad.length === 0 || narrow.some(scope => chosen.includes(scope));
  return html`${broad.length > 0 && checkboxes('scope', legend, broad.map(choice))}
<details${isOpen && html` open`}><summary>Single sets and restricted fields</summary>
${checkboxes('scope', html`<span class="unseen">Single sets and restricted fields</span>`, narrow.map(choice), broad.length)}</details>`;
}
