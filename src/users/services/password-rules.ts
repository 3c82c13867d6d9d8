// Password rules: long, and hard to guess. No rules on its composition (NIST SP 800-63B-4, section 3.1.1.2).

import { fault } from '../../base/errors.ts';

const passwordLengthMin = 12;
/** Longer passwords would only cost time. */
export const passwordLengthMax = 256;

export const passwordHint = `At least ${passwordLengthMin} characters. A few random words are strong and easy to remember.`;

/** Minimum number of offline guesses, as a power of ten. */
const guessesLog10Min = 8;
/** Estimating a long text is slow, so only its beginning is rated. */
const estimatedLength = 64;

/**
 * @param about what is known about the user, which attackers guess first
 * @throws INVALID_VALUE
 */
export async function checkPassword(
  password: string,
  about: { email: string; name?: string },
): Promise<void> {
  const length = [...password].length;
  if (length < passwordLengthMin)
    throw invalid(`The password must have at least ${passwordLengthMin} characters.`);
  if (length > passwordLengthMax)
    throw invalid(`The password must have at most ${passwordLengthMax} characters.`);
  if (normal(password).includes(normal(about.email)))
    throw invalid('The password must not contain your e-mail address.');
  const { check } = await estimator();
  if (check(password.slice(0, estimatedLength), wordsOf(about)).guessesLog10 < guessesLog10Min)
    throw invalid('This password is easy to guess: it is common, or similar to your name or e-mail address.');
}

const invalid = (problem: string) =>
  fault('INVALID_VALUE', problem, { target: 'password', hint: passwordHint });

const normal = (text: string): string => text.normalize('NFC').toLowerCase();

function wordsOf({ email, name = '' }: { email: string; name?: string }): string[] {
  const parts = `${email} ${name}`.split(/[^\p{L}\p{N}]+/u);
  return [email, name, ...parts, 'portolan'].filter(word => word.length > 2);
}

let loading: ReturnType<typeof load> | undefined;

/** Loaded on first use: its word lists take a few megabytes. */
const estimator = (): ReturnType<typeof load> => {
  loading ??= load();
  return loading;
};

async function load() {
  const [{ ZxcvbnFactory }, { dictionary, adjacencyGraphs }] = await Promise.all([
    import('@zxcvbn-ts/core'),
    import('@zxcvbn-ts/language-common'),
  ]);
  const factory = new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs });
  return { check: (password: string, words: string[]) => factory.check(password, words) };
}
