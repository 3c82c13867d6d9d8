// What a password must be: long, and nothing that is guessed early. No rules on what it is composed of: NIST SP 800-63B-4,
// section 3.1.1.2.

import { fault } from '../../base/errors.ts';

const passwordLengthMin = 12;
/** Far beyond what anybody types; more would only cost time. */
export const passwordLengthMax = 256;

export const passwordHint = `At least ${passwordLengthMin} characters. A few words in a row are good, and easy to keep in mind.`;

/** Guesses, as a power of ten, that whoever guesses offline must need. */
const guessesLog10Min = 8;
/** The estimate of a long text takes long, and its beginning alone must be good enough. */
const estimatedLength = 64;

/**
 * @param about what is known of the person, which is guessed first
 * @throws INVALID_VALUE with what is wrong
 */
export async function checkPassword(
  password: string,
  about: { email: string; name?: string },
): Promise<void> {
  const length = [...password].length;
  if (length < passwordLengthMin) throw unfit(`A password has at least ${passwordLengthMin} characters.`);
  if (length > passwordLengthMax) throw unfit(`A password has at most ${passwordLengthMax} characters.`);
  if (normal(password).includes(normal(about.email)))
    throw unfit('The password must not be your e-mail address.');
  const { check } = await estimator();
  if (check(password.slice(0, estimatedLength), wordsOf(about)).guessesLog10 < guessesLog10Min)
    throw unfit('This password is guessed early: it is common, or close to something known of you.');
}

const unfit = (problem: string) =>
  fault('INVALID_VALUE', problem, { target: 'password', hint: passwordHint });

const normal = (text: string): string => text.normalize('NFC').toLowerCase();

function wordsOf({ email, name = '' }: { email: string; name?: string }): string[] {
  const parts = `${email} ${name}`.split(/[^\p{L}\p{N}]+/u);
  return [email, name, ...parts, 'portolan'].filter(word => word.length > 2);
}

let loading: ReturnType<typeof load> | undefined;

/** Loaded when it is first needed: its lists are a few megabytes. */
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
