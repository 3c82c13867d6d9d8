// API keys, for administrators. What a key is sealed with is never exposed.

import type { PlatformPart } from '../../src/graphql/builder.ts';

export const apiKeys: PlatformPart = {
  scope: 'admin',
  queries: ['apiKeys'],
  add(builder) {
    builder.prismaObject('ApiKey', {
      description: 'A long-lived credential.',
      fields: t => ({
        id: t.exposeString('id', { nullable: false, description: 'The part of the key that is no secret.' }),
        name: t.exposeString('name', { nullable: false }),
        lastFour: t.exposeString('lastFour', {
          nullable: false,
          description: 'The last four characters of the key.',
        }),
        scopes: t.exposeStringList('scopes', { nullable: false, description: 'What it was granted.' }),
        expiresAt: t.expose('expiresAt', { type: 'DateTime', nullable: true }),
        lastUsedAt: t.expose('lastUsedAt', { type: 'DateTime', nullable: true }),
        revokedAt: t.expose('revokedAt', { type: 'DateTime', nullable: true }),
        createdAt: t.expose('createdAt', { type: 'DateTime', nullable: false }),
      }),
    });
    builder.queryField('apiKeys', t =>
      t.prismaField({
        type: ['ApiKey'],
        nullable: false,
        description: 'All API keys, the newest first. Needs the scope `admin`.',
        resolve: (query, _root, _args, { prisma }) =>
          prisma.apiKey.findMany({ ...query, orderBy: [{ createdAt: 'desc' }, { id: 'asc' }] }),
      }),
    );
  },
};
