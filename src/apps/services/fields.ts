// What people write about themselves and their apps. All of it is shown to others who must not be fooled by it.

import { parseScopes } from '../../auth/scopes/scopes.ts';
import { isEmail, normalEmail } from '../../base/email-address.ts';
import { type Fault, fault } from '../../base/errors.ts';

const nameLengthMax = 80;
const descriptionLengthMax = 500;
const addressLengthMax = 500;

/** Control and format characters, among them those that turn the text around, and what no font has. Joiners stay. */
const unseen = /[\p{Cc}\p{Zl}\p{Zp}\p{Co}\p{Cs}\p{Cn}]|(?![\u200c\u200d])\p{Cf}/u;
const unseenButLines = /(?![\n])[\p{Cc}\p{Zl}\p{Zp}\p{Co}\p{Cs}\p{Cn}]|(?![\u200c\u200d])\p{Cf}/u;

/** @throws INVALID_VALUE unless it is 1 to 80 visible characters on one line */
export function checkName(text: string): string {
  const name = text.normalize('NFC').trim().replace(/\s+/g, ' ');
  const visible = name.replace(/\u200c|\u200d|\s/g, '') !== '';
  if (visible && [...name].length <= nameLengthMax && !unseen.test(name)) return name;
  throw invalid('name', `A name has 1 to ${nameLengthMax} visible characters on one line.`);
}

/** @returns undefined for none @throws INVALID_VALUE */
export function checkDescription(text: string | null | undefined): string | null {
  const description = (text ?? '').normalize('NFC').replace(/\r\n?/g, '\n').trim();
  if ([...description].length > descriptionLengthMax)
    throw invalid('description', `A description has at most ${descriptionLengthMax} characters.`);
  if (unseenButLines.test(description))
    throw invalid('description', 'The description contains an invisible character.');
  return description === '' ? null : description;
}

/** @returns the address as browsers write it, null for none @throws INVALID_VALUE unless it is https */
export function checkWebAddress(target: string, text: string | null | undefined): string | null {
  const address = (text ?? '').trim();
  if (address === '') return null;
  const url = address.length <= addressLengthMax && !/\s/.test(address) ? URL.parse(address) : null;
  if (url?.protocol !== 'https:' || url.username || url.password || !url.hostname)
    throw invalid(target, 'This must be a URL that begins with https://.');
  return url.href;
}

/** @throws INVALID_VALUE */
export function checkEmail(text: string): string {
  const email = normalEmail(text);
  if (isEmail(email)) return email;
  throw invalid('contactEmail', 'This is not a valid e-mail address.');
}

/**
 * @param owner what the app's owner has
 * @returns sorted, each once
 * @throws INVALID_VALUE for none or an unknown one, SCOPE_MISSING for `admin` of an owner who is no administrator
 */
export function checkScopes(
  scopes: string | readonly string[],
  known: readonly string[],
  owner: ReadonlySet<string>,
): string[] {
  const parsed = parseScopes(scopes, known);
  if (parsed.includes('admin') && !owner.has('admin'))
    throw fault('SCOPE_MISSING', 'Only apps of administrators can request the scope "admin".', {
      target: 'admin',
    });
  return parsed;
}

const invalid = (target: string, message: string): Fault => fault('INVALID_VALUE', message, { target });
