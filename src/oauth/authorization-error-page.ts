import type { Answer } from '../http/message/message.ts';
import { html } from '../pages/html.ts';
import { page } from '../pages/page.ts';

interface Refusal {
  readonly error?: string;
  readonly error_description?: string;
}

/** Shown to the user for errors that must not be sent to the app (RFC 6749 section 4.1.2.1). */
const explanations: Readonly<Record<string, string>> = {
  invalid_client: 'This app does not exist or has been disabled.',
  invalid_redirect_uri: 'The redirect URI is not registered for this app.',
};

/** @param answer from oidc-provider, with an error as JSON */
export function authorizationErrorPage({ status, body }: Answer): Answer {
  const { error = 'server_error', error_description: description } = read(body);
  return page({
    title: 'This app request is not valid',
    status: status < 400 ? 400 : status,
    body: html`<div class="sheet">
<h1>This app request is not valid</h1>
<p>${explanations[error] ?? 'The app sent you here with an invalid request.'}</p>
<p class="faded">Go back to the app and try again. If the error persists, report it to the developer of the app:</p>
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
