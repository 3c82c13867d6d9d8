// The oidc-provider of this instance, created again when the signing keys change.

import type { Provider } from 'oidc-provider';
import type { SigningKeys } from '../auth/tokens/signing-keys.ts';
import type { Answer } from '../http/message/message.ts';
import type { Call } from './call.ts';
import { createProvider, type ProviderDeps } from './provider.ts';
import { type Handle, type ProviderRequest, runProvider } from './run-provider.ts';

export interface AuthorizationServer {
  answer(call: Call, request: ProviderRequest): Promise<Answer>;
  provider(): Promise<Provider>;
}

export interface AuthorizationServerDeps extends ProviderDeps {
  readonly signingKeys: SigningKeys;
  /** Called with each provider that is created. */
  readonly onProvider: (provider: Provider) => void;
}

interface Current {
  readonly keysId: string;
  readonly provider: Provider;
  readonly handle: Handle;
}

export function createAuthorizationServer(deps: AuthorizationServerDeps): AuthorizationServer {
  let latest: Current | undefined;

  async function current(): Promise<Current> {
    const keys = await deps.signingKeys.current();
    if (latest?.keysId === keys.id) return latest;
    const provider = createProvider(deps, await keys.signing());
    deps.onProvider(provider);
    latest = { keysId: keys.id, provider, handle: provider.callback() as Handle };
    return latest;
  }

  return {
    provider: async () => (await current()).provider,
    answer: async (call, request) => runProvider((await current()).handle, deps.publicUrl, call, request),
  };
}
