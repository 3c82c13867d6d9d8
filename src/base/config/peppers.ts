// The peppers of SafeStore: SAFESTORE_PEPPERS.

import * as v from 'valibot';

export interface Pepper {
  readonly version: number;
  /** 32 bytes. */
  readonly secret: Buffer;
}

export const pepperHelp =
  'expected "1:" and 32 bytes in base64, as `openssl rand -base64 32` makes them; several go newest first: "2:…,1:…"';

/** Peppers, the newest first. */
export const peppers = v.pipe(
  v.string(),
  v.rawTransform<string, readonly Pepper[]>(({ dataset, addIssue, NEVER }) => {
    const list = dataset.value.split(',').map(toPepper);
    const descending = list.every(
      (pepper, i) => i === 0 || (pepper?.version ?? 0) < (list[i - 1]?.version ?? 0),
    );
    const good = list.filter(pepper => pepper !== undefined);
    if (good.length === list.length && descending) return good;
    addIssue({ message: `is malformed; ${pepperHelp}` });
    return NEVER;
  }),
  v.description('versions and secrets in base64, newest first: `2:…,1:…`'),
);

/** Versions take one byte in what SafeStore writes. */
function toPepper(text: string): Pepper | undefined {
  const [, version, base64] = /^\s*(\d{1,3}):([A-Za-z0-9+/]{43}=?)\s*$/.exec(text) ?? [];
  if (version === undefined || base64 === undefined) return undefined;
  const pepper = { version: Number(version), secret: Buffer.from(base64, 'base64') };
  return pepper.version >= 1 && pepper.version <= 255 ? pepper : undefined;
}
