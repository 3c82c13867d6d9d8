// External authorization servers whose access tokens are accepted: TRUSTED_ISSUERS.

import * as v from 'valibot';

/** Plain HTTP only on this machine: anyone who can modify the response could sign for any user. */
export function isSafeUrl(value: unknown): value is string {
  const url = typeof value === 'string' ? URL.parse(value) : null;
  if (url?.username !== '' || url.hash !== '') return false;
  if (url.protocol === 'https:') return true;
  return url.protocol === 'http:' && ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname);
}

/** What is said of a member that is missing or malformed. */
const problems = {
  issuer: '"issuer" is no https:// address',
  audience: '"audience" is missing',
  jwksUri: '"jwksUri" is no https:// address',
  scopes: '"scopes" is not a list of scopes',
  scopeClaim: '"scopeClaim" is no name',
  actAs: '"actAs" is no e-mail address',
};

const filled = (problem: string) => v.pipe(v.string(problem), v.nonEmpty(problem));

const members = {
  /** As its tokens state it in `iss`. */
  issuer: v.custom<string>(isSafeUrl, problems.issuer),
  /** What its tokens must state in `aud`. */
  audience: filled(problems.audience),
  /** Where its keys are; undefined: where its metadata says. */
  jwksUri: v.optional(v.custom<string>(isSafeUrl, problems.jwksUri)),
  /** The most that its tokens may do. */
  scopes: v.pipe(
    v.array(filled(problems.scopes), problems.scopes),
    v.nonEmpty(problems.scopes),
    v.readonly(),
  ),
  /** The claim in which a token limits itself further; undefined: none. */
  scopeClaim: v.optional(v.string(problems.scopeClaim)),
  /** The e-mail address of the one user for whom all its tokens act; undefined: of the user whose verified address a token states. */
  actAs: v.optional(v.pipe(v.string(problems.actAs), v.includes('@', problems.actAs))),
};

const trustedIssuer = v.pipe(v.strictObject(members, problemOf), v.readonly());

/** What is wrong with an entry as a whole. */
function problemOf({ path }: v.StrictObjectIssue): string {
  if (path === undefined) return 'it is no object';
  const name = String(path[0].key);
  return Object.hasOwn(problems, name) ? problems[name as keyof typeof problems] : `"${name}" is unknown`;
}

/** An external authorization server. */
export type TrustedIssuer = v.InferOutput<typeof trustedIssuer>;

const help = `expected a JSON array of {${Object.keys(members).join(', ')}}`;

export const trustedIssuers = v.pipe(
  v.string(),
  v.rawTransform<string, readonly TrustedIssuer[]>(({ dataset, addIssue, NEVER }) => {
    const list = parse(dataset.value);
    if (!Array.isArray(list)) {
      addIssue({ message: `is malformed; ${help}` });
      return NEVER;
    }
    const issuers: TrustedIssuer[] = [];
    for (const [index, value] of list.entries()) {
      const result = v.safeParse(trustedIssuer, value, { abortEarly: true });
      if (result.success) issuers.push(result.output);
      else addIssue({ message: `has a fault in entry ${index + 1}: ${result.issues[0].message}; ${help}` });
    }
    if (new Set(issuers.map(({ issuer }) => issuer)).size < issuers.length)
      addIssue({ message: 'names an issuer twice' });
    return issuers;
  }),
  v.description('a JSON array, see the README'),
);

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
