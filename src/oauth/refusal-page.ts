import type { Answer } from '../http/message/message.ts';
import { html } from '../pages/html.ts';
import { page } from '../pages/page.ts';

interface Refusal {
  readonly error?: string;
  readonly error_description?: string;
}

/** What a person is told when an app's request is such that the app must not be answered (RFC 6749 section 4.1.2.1). */
const explanations: Readonly<Record<string, string>> = {
  invalid_client: 'There is no such app, or it has been disabled.',
  invalid_redirect_uri: 'The app wants the answer to go to an address that is not one of its own.',
};

/** @param answer of oidc-provider, with an error as JSON */
export function refusalPage({ status, body }: Answer): Answer {
  const { error = 'server_error', error_description: description } = read(body);
  return page({
    title: 'This app cannot go on',
    status: status < 400 ? 400 : status,
    body: html`<div class="sheet">
<h1>This app cannot go on</h1>
<p>${explanations[error] ?? 'The app sent you here with a request that is not in order.'}</p>
<p class="faded">Go back to the app and begin again. If it happens once more, tell whoever makes the app:</p>
<p><code>${error}</code>${description && html` ${description}`}</p>
</div>`,
  });
}

function read(body: Answer['body']): Refusal {
  try {
    return JSON.parse(String(body)) as Refusal;
  } catch {
    return {};
  }
}
