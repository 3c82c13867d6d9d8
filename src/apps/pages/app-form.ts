// The form in which a developer describes an app: for a new one, and to change it.

import type { ScopeDescriptions } from '../../auth/scopes/describe-scope.ts';
import type { Html, Part } from '../../pages/html.ts';
import { checkboxes, field, textArea } from '../../pages/parts.ts';
import type { Form } from '../../pages/read-form.ts';
import { scopeChoices } from '../../pages/scope-choices.ts';
import type { AppDraft } from '../services/registry.ts';
import type { FormErrors } from './form-errors.ts';

/** What stands in the form. */
export interface AppFields {
  readonly name: string;
  readonly description: string;
  readonly homePage: string;
  /** One a line. */
  readonly redirectUris: string;
  readonly scopes: readonly string[];
  readonly clientCredentials: boolean;
}

export interface AppFormWords {
  readonly describeScope: ScopeDescriptions;
  /** Those that this developer's apps may ask for. */
  readonly scopes: readonly string[];
}

/** Names that may stand there several times, for `readForm`. */
export const appFormLists = ['scope'] as const;

export const emptyAppFields: AppFields = {
  name: '',
  description: '',
  homePage: '',
  redirectUris: '',
  scopes: ['read'],
  clientCredentials: false,
};

export const readAppFields = (form: Form): AppFields => ({
  name: form.get('name'),
  description: form.get('description'),
  homePage: form.get('homePage'),
  redirectUris: form.get('redirectUris'),
  scopes: form.all('scope'),
  clientCredentials: form.get('clientCredentials') === 'yes',
});

/** @returns what they say of an app; the services check it */
export const toDraft = (fields: AppFields): Omit<AppDraft, 'confidential' | 'owner'> => ({
  ...fields,
  redirectUris: fields.redirectUris.split(/\s+/).filter(Boolean),
});

/** @param machine whether the app may be one that acts for itself */
export const appFormFields = (
  fields: AppFields,
  { describeScope, scopes }: AppFormWords,
  errors: FormErrors,
  machine: boolean,
): Part => [
  field({ name: 'name', label: 'Name', value: fields.name, error: errors.name, lengthMax: 80 }),
  textArea({
    name: 'description',
    label: 'What it does',
    value: fields.description,
    required: false,
    hint: 'Users read it when the app asks for access.',
    error: errors.description,
  }),
  field({
    name: 'homePage',
    label: 'Home page',
    type: 'url',
    value: fields.homePage,
    required: false,
    hint: 'A URL that begins with https://.',
    error: errors.homePage,
    lengthMax: 500,
  }),
  textArea({
    name: 'redirectUris',
    label: 'Redirect URIs',
    value: fields.redirectUris,
    required: false,
    hint: 'One full URI per line: https, http on localhost (any port), or a scheme for native apps, such as com.example.app:/callback.',
    error: errors.redirectUris,
  }),
  scopeChoices({ legend: 'Scopes the app may request', scopes, chosen: fields.scopes, describeScope }),
  machine && machineChoice(fields.clientCredentials),
];

const machineChoice = (checked: boolean): Html =>
  checkboxes('clientCredentials', 'Without a user', [
    {
      value: 'yes',
      label: 'The app may act for itself',
      hint: 'With the client credentials grant, within your own permissions.',
      checked,
    },
  ]);
