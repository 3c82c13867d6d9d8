// The request's body -> a file on disk and what is said about it.

import { fault } from '../../base/errors.ts';
import type { Incoming } from '../../http/message/message.ts';
import { fileContent } from './file-content.ts';
import { checkOptionName } from './import-options.ts';
import { receiveMultipart } from './receive-multipart.ts';
import { SpoolFile } from './spool-file.ts';
import { tooLarge, type Upload, type UploadRules } from './upload.ts';

const fileTypes =
  /^(?:text\/(?:csv|tab-separated-values|plain)|application\/(?:csv|json|jsonl|ndjson|x-ndjson|x-jsonlines|gzip|zip|octet-stream|vnd\.openxmlformats-officedocument\.spreadsheetml\.sheet))\s*(?:;|$)/i;

/** @throws UNSUPPORTED_MEDIA_TYPE, MALFORMED_REQUEST, TOO_LARGE, UNKNOWN_OPTION, what the rules' check throws */
export async function receiveUpload(request: Incoming, rules: UploadRules): Promise<Upload> {
  const type = request.header('content-type') ?? '';
  const options = queryOptions(request.query);
  checkDeclaredLength(request, rules.bytesMax);
  if (/^multipart\/form-data\s*;/i.test(type)) return receiveMultipart(request, options, rules);
  if (fileTypes.test(type)) return receiveFile(request, options, rules);
  throw fault(
    'UNSUPPORTED_MEDIA_TYPE',
    'The body must be a form (multipart/form-data) or a file, such as CSV (text/csv) or JSON (application/json).',
    {
      hint: 'Such as: curl -F entity=products -F file=@products.csv, or with ?entity=products in the address: curl -H "Content-Type: text/csv" --data-binary @products.csv',
      target: 'content-type',
    },
  );
}

function queryOptions(query: string): Map<string, string> {
  const options = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query)) {
    // The one name that is not ours: a credential, which has been read where it belongs.
    if (name === 'api_key') continue;
    checkOptionName(name);
    options.set(name, value);
  }
  return options;
}

/** Room for the form's other parts and for what stands between them. */
const formBytesMax = 65_536;

/** A client that says how much it will send need not send it to be refused. */
function checkDeclaredLength(request: Incoming, bytesMax: number): void {
  const declared = Number(request.header('content-length') ?? 0);
  if (declared > bytesMax + formBytesMax) throw tooLarge(bytesMax);
}

async function receiveFile(
  request: Incoming,
  options: ReadonlyMap<string, string>,
  rules: UploadRules,
): Promise<Upload> {
  rules.check(options);
  const file = await SpoolFile.open();
  try {
    await file.write(request.stream(), chunks => fileContent(chunks, rules), request.signal);
    return { options, file };
  } catch (error) {
    await file.close();
    throw error;
  }
}
