// The one oidc-provider of this instance, made anew when the signing keys change, and what is asked of it.

import type { Provider } from 'oidc-provider';
import type { SigningKeys } from '../auth/tokens/signing-keys.ts';
import type { Answer } from '../http/message/message.ts';
import type { Call } from './call.ts';
import { createProvider, type ProviderParts } from './provider.ts';
import { type Handle, type ProviderRequest, runProvider } from './run-provider.ts';

export interface AuthorizationServer {
  answer(call: Call, request: ProviderRequest): Promise<Answer>;
  provider(): Promise<Provider>;
}

export interface AuthorizationServerParts extends ProviderParts {
  readonly signingKeys: SigningKeys;
  /** Told of each one that is made. */
  readonly onProvider: (provider: Provider) => void;
}

interface Made {
  readonly keysId: string;
  readonly provider: Provider;
  readonly handle: Handle;
}

export function createAuthorizationServer(parts: AuthorizationServerParts): AuthorizationServer {
  let made: Made | undefined;

  async function current(): Promise<Made> {
    const keys = await parts.signingKeys.current();
    if (made?.keysId === keys.id) return made;
    const provider = createProvider(parts, await keys.signing());
    parts.onProvider(provider);
    made = { keysId: keys.id, provider, handle: provider.callback() as Handle };
    return made;
  }

  return {
    provider: async () => (await current()).provider,
    answer: async (call, request) => runProvider((await current()).handle, parts.publicUrl, call, request),
  };
}
