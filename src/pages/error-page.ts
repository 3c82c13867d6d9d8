import type { Fault } from '../base/errors.ts';
import type { Answer, Incoming } from '../http/message/message.ts';
import { html } from './html.ts';
import { page } from './page.ts';

/** The `fail` handler of page routes. */
export function errorPage(error: Fault, request: Pick<Incoming, 'id'>): Answer {
  const internal = error.status >= 500;
  return page({
    title: titleOf(error),
    status: error.status,
    headers: error.headers,
    body: html`<div class="sheet">
<h1>${titleOf(error)}</h1>
<p>${error.message}</p>
${error.hint && html`<p class="faded">${error.hint}</p>`}
${internal && html`<p class="hint">Request ID: <code>${request.id}</code></p>`}
<p><a href="/account">Go to your account</a></p>
</div>`,
  });
}

function titleOf({ status }: Fault): string {
  if (status === 404) return 'Not found';
  if (status === 429) return 'Too many attempts';
  if (status === 403) return 'Not allowed';
  return status >= 500 ? 'Something went wrong' : 'Request failed';
}
