// `me`: who the server takes the caller for.

import type { Builder } from '../builder.ts';

export const addMe = (builder: Builder): void => {
  const principal = builder
    .objectRef<{ id: string; kind: string; name: string; scopes: string[] }>('Principal')
    .implement({
      description: 'Who is asking, and what they may do.',
      fields: t => ({
        id: t.exposeString('id', { nullable: false, description: "The credential's own id." }),
        kind: t.exposeString('kind', { nullable: false, description: 'The kind of credential: `key`.' }),
        name: t.exposeString('name', { nullable: false }),
        scopes: t.exposeStringList('scopes', { nullable: false, description: 'What it may do.' }),
      }),
    });
  builder.queryField('me', t =>
    t.field({
      type: principal,
      nullable: false,
      description: 'Who you are to this server.',
      resolve: (_root, _args, { principal: { id, kind, name, scopes } }) => ({
        id,
        kind,
        name,
        scopes: [...scopes].sort(),
      }),
    }),
  );
};
