// Between an app's request and the answer to it: sign-in and the consent page.

import type { Provider } from 'oidc-provider';
import {
  type AskingApp,
  type ConsentWords,
  consentLists,
  consentPage,
  type Decision,
  readConsent,
} from '../apps/pages/consent-page.ts';
import type { Client, Clients } from '../apps/services/clients.ts';
import type { Grants as AppGrants } from '../apps/services/grants.ts';
import type { LiveSession, Sessions } from '../auth/sessions/sessions.ts';
import { fault } from '../base/errors.ts';
import { readCookie } from '../http/message/cookies.ts';
import type { Answer, Incoming } from '../http/message/message.ts';
import type { Route } from '../http/message/route.ts';
import { errorPage } from '../pages/error-page.ts';
import type { FormGuard } from '../pages/form-guard.ts';
import { html } from '../pages/html.ts';
import { page, redirect } from '../pages/page.ts';
import type { AuthorizationServer } from './authorization-server.ts';
import { uidOf } from './authorize-routes.ts';
import { duringCall, newCall } from './call.ts';
import type { Grants } from './grants.ts';
import { needsConsent } from './policy.ts';
import { paths } from './settings.ts';

export interface InteractionRoutesDeps extends ConsentWords {
  readonly server: AuthorizationServer;
  readonly sessions: Pick<Sessions, 'find'>;
  readonly guard: FormGuard;
  readonly clients: Pick<Clients, 'find'>;
  readonly grants: Grants;
  readonly past: AppGrants['past'];
  readonly cookieNames: { readonly interaction: string };
}

type Interaction = InstanceType<Provider['Interaction']>;

/** The state of the flow when a user can decide. */
interface Stage {
  readonly request: Incoming;
  readonly interaction: Interaction;
  readonly session: LiveSession;
  readonly client: Client;
  readonly asked: readonly string[];
  readonly redirectUri: string;
}

export function interactionRoutes(deps: InteractionRoutesDeps): Route[] {
  const shared = { path: `${paths.interaction}/*`, open: true, fail: errorPage } as const;
  return [
    { ...shared, method: 'GET', handle: request => show(deps, request) },
    { ...shared, method: 'POST', handle: request => decide(deps, request) },
  ];
}

async function show(deps: InteractionRoutesDeps, request: Incoming): Promise<Answer> {
  const stage = await findStage(deps, request);
  if (!('session' in stage)) return stage;
  return (await needsDecision(deps, stage)) ? showConsent(deps, stage) : continueToApp(stage);
}

async function decide(deps: InteractionRoutesDeps, request: Incoming): Promise<Answer> {
  const { guard } = deps;
  const stage = await findStage(deps, request);
  if (!('session' in stage)) return stage;
  const form = await guard.read(request, { lists: consentLists });
  const decision = readConsent(form, { asked: stage.asked, owned: ownedBy(stage.session) });
  if (decision.kind === 'unclear') return showConsent(deps, stage, decision.error, form.all('scope'));
  await (decision.kind === 'allow' ? allow(deps, stage, decision) : deny(stage));
  return redirect(resumeAddress(stage));
}

/** @returns the stage, or a redirect to sign-in if the user must sign in first @throws NOT_FOUND */
async function findStage(deps: InteractionRoutesDeps, request: Incoming): Promise<Stage | Answer> {
  const { sessions, clients } = deps;
  const interaction = await findInteraction(deps, request);
  const session = await sessions.find(request);
  if (!session || mustSignInAgain(interaction, session)) return toSignIn(request, session !== undefined);
  const { client_id: clientId, scope, redirect_uri: redirectUri } = interaction.params;
  const client = await clients.find(String(clientId));
  if (!client) throw requestNotFound();
  const asked = String(scope).split(' ').filter(Boolean);
  return { request, interaction, session, client, asked, redirectUri: String(redirectUri) };
}

/** The cookie proves that this browser started the flow: a user lured here with another person's link cannot decide. */
async function findInteraction(deps: InteractionRoutesDeps, request: Incoming): Promise<Interaction> {
  const { server } = deps;
  const uid = uidOf(request, paths.interaction);
  const own = readCookie(request, { name: deps.cookieNames.interaction, secure: true }) === uid;
  const provider = await server.provider();
  const interaction = own && (await duringCall(newCall(request), () => provider.Interaction.find(uid)));
  if (!interaction) throw requestNotFound();
  return interaction;
}

/** Whether the user has anything to decide. */
async function needsDecision(
  deps: InteractionRoutesDeps,
  { interaction, session, client, asked, redirectUri }: Stage,
): Promise<boolean> {
  const { grants } = deps;
  if (promptsOf(interaction).includes('consent')) return true;
  const grant = await grants.findFor(session.user.id, client.id);
  const { scopes: granted = [], redirectUris: agreed = [] } = grant ?? {};
  const { confidential } = client;
  return needsConsent({
    confidential,
    redirectUri,
    requested: asked,
    owned: ownedBy(session),
    granted,
    agreed,
  });
}

async function showConsent(
  deps: InteractionRoutesDeps,
  stage: Stage,
  error?: string,
  ticked?: readonly string[],
): Promise<Answer> {
  const { guard } = deps;
  const { request, session, client, asked, redirectUri } = stage;
  const { user } = session;
  const { field: guarded, cookies } = guard.guard(request);
  const past = await deps.past({ userId: user.id, appId: client.id });
  return consentPage(
    {
      user,
      asked,
      past,
      redirectUri,
      guarded,
      cookies,
      error,
      ticked,
      client: toAskingApp(client),
      owned: ownedBy(stage.session),
      action: request.path,
      otherAccount: signInAddress(request, true),
    },
    deps,
  );
}

async function allow(
  deps: InteractionRoutesDeps,
  stage: Stage,
  { scopes }: Decision & { kind: 'allow' },
): Promise<void> {
  const { grants } = deps;
  const { request, session, client, asked, redirectUri } = stage;
  const userId = session.user.id;
  const appId = client.id;
  const refused = asked.filter(scope => !scopes.includes(scope));
  const by = { request, principal: session.principal };
  await grants.allow({ userId, appId, allowed: scopes, refused, redirectUri }, by);
  await save(stage, { login: { accountId: userId }, consent: { accountId: userId, scopes } });
}

const deny = (stage: Stage) =>
  save(stage, { error: 'access_denied', error_description: 'the user denied the request' });

/**
 * Continues to the app without asking. Uses `Refresh`, because the user may come from the sign-in form, and browsers
 * apply that page's `form-action` policy, which does not list the app, to redirects after the form.
 */
async function continueToApp(stage: Stage): Promise<Answer> {
  await save(stage, { login: { accountId: stage.session.user.id } });
  const address = resumeAddress(stage);
  return page({
    title: 'One moment',
    headers: { refresh: `0; url=${address}` },
    body: html`<div class="sheet"><h1>One moment</h1><p><a href="${address}">Continue to ${stage.client.name}</a></p></div>`,
  });
}

async function save({ request, interaction }: Stage, result: Record<string, unknown>): Promise<void> {
  interaction.result = result as Interaction['result'];
  await duringCall(newCall(request), () => interaction.persist());
}

const toAskingApp = ({ developer, logoPath, ...client }: Client): AskingApp => ({
  ...client,
  logo: logoPath !== null,
  developer: developer === null ? undefined : { name: developer },
});

const resumeAddress = ({ interaction }: Stage): string => `${paths.authorize}/${interaction.uid}`;

const ownedBy = ({ principal }: LiveSession): string[] => [...principal.scopes];

const promptsOf = ({ params }: Interaction): string[] => String(params.prompt ?? '').split(' ');

/** The app requires a new sign-in (`prompt=login`), later than the second of its request. */
const mustSignInAgain = (interaction: Interaction, session: LiveSession): boolean =>
  promptsOf(interaction).includes('login') && session.createdAt < (interaction.iat + 1) * 1000;

const toSignIn = (request: Incoming, again: boolean): Answer => redirect(signInAddress(request, again));

/** @param again whether to ask for sign-in even when the user is signed in */
const signInAddress = ({ path }: Incoming, again: boolean): string =>
  `/sign-in?return=${encodeURIComponent(path)}${again ? '&again=1' : ''}`;

const requestNotFound = () =>
  fault('NOT_FOUND', 'This app request has expired or was started in another browser.', {
    hint: 'Go back to the app and start again.',
  });
