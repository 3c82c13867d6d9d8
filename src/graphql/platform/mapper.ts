// Mappers: how the columns of a file become fields. The service checks permissions.

import type { MapperVersionView, MapperView } from '../../mappers/services/mapper-view.ts';
import type { Builder, PlatformPart } from '../model/builder.ts';

export const mappers: PlatformPart = {
  queries: ['mappers', 'mapper'],
  mutations: ['createMapper', 'replaceMapper', 'deleteMapper'],
  add(builder) {
    const types = addTypes(builder);
    addQueries(builder, types);
    addChanges(builder, types);
  },
};

type Types = ReturnType<typeof addTypes>;

function addTypes(builder: Builder) {
  const version = builder.objectRef<MapperVersionView>('MapperVersion').implement({
    description: 'One of the versions of a mapper.',
    fields: t => ({
      version: t.exposeString('version', { nullable: false }),
      savedAt: t.expose('savedAt', { type: 'DateTime', nullable: true }),
      savedById: t.exposeString('savedById', {
        nullable: true,
        description: 'The id of the user who saved it.',
      }),
      document: t.expose('document', { type: 'Json', nullable: false }),
    }),
  });
  const mapper = builder.objectRef<MapperView>('Mapper').implement({
    description: 'How the columns of a file become the fields of an entity.',
    fields: t => ({
      id: t.exposeString('id', { nullable: false }),
      name: t.exposeString('name', { nullable: false }),
      description: t.exposeString('description', { nullable: false }),
      entity: t.exposeString('entity', { nullable: false, description: 'The set that it imports into.' }),
      mode: t.exposeString('mode', { nullable: false, description: '`upsert`, `insert` or `update`.' }),
      version: t.exposeString('version', { nullable: false, description: 'Counts the times it was saved.' }),
      included: t.exposeBoolean('included', {
        nullable: false,
        description: 'Whether the server’s project includes it. Such mappers cannot be changed.',
      }),
      ownerId: t.exposeString('ownerId', { nullable: true, description: 'The id of the user whose it is.' }),
      editable: t.exposeBoolean('editable', { nullable: false, description: 'Whether you may change it.' }),
      savedAt: t.expose('savedAt', { type: 'DateTime', nullable: true }),
      document: t.expose('document', {
        type: 'Json',
        nullable: false,
        description: 'The mapper itself. Its JSON schema is at /api/mappers/schema.',
      }),
      versions: t.field({
        type: [version],
        nullable: false,
        description: 'Newest first, at most 100.',
        resolve: ({ id }, _, { services, principal, request }) =>
          services.mappers.versions({ principal, request }, id),
      }),
    }),
  });
  return { mapper };
}

function addQueries(builder: Builder, { mapper }: Types): void {
  builder.queryField('mappers', t =>
    t.field({
      type: [mapper],
      nullable: false,
      description: 'The mappers that you may use or change, by name.',
      args: { entity: t.arg.string({ description: 'Only those of one set, such as `products`.' }) },
      resolve: (_root, { entity }, { services, principal, request }) =>
        services.mappers.list({ principal, request }, entity ?? undefined),
    }),
  );
  builder.queryField('mapper', t =>
    t.field({
      type: mapper,
      nullable: false,
      args: { id: t.arg.string({ required: true, description: 'Its id or its name.' }) },
      resolve: (_root, { id }, { services, principal, request }) =>
        services.mappers.find({ principal, request }, id),
    }),
  );
}

function addChanges(builder: Builder, { mapper }: Types): void {
  builder.mutationField('createMapper', t =>
    t.field({
      type: mapper,
      description: 'Saves a new mapper. Needs write permission for all that it writes.',
      args: { document: t.arg({ type: 'Json', required: true }) },
      resolve: (_root, { document }, { services, principal, request }) =>
        services.mappers.create({ principal, request }, document),
    }),
  );
  const ifVersion = 'Fails unless the mapper still has this version.';
  builder.mutationField('replaceMapper', t =>
    t.field({
      type: mapper,
      description: 'Saves a new version of a mapper, for its owner and administrators.',
      args: {
        id: t.arg.string({ required: true }),
        document: t.arg({ type: 'Json', required: true }),
        ifVersion: t.arg.string({ description: ifVersion }),
      },
      resolve: (_root, { id, document, ifVersion: version }, { services, principal, request }) =>
        services.mappers.replace({ principal, request }, id, document, version ?? undefined),
    }),
  );
  builder.mutationField('deleteMapper', t =>
    t.boolean({
      description: 'Deletes a mapper and its versions, for its owner and administrators.',
      args: { id: t.arg.string({ required: true }), ifVersion: t.arg.string({ description: ifVersion }) },
      async resolve(_root, { id, ifVersion: version }, { services, principal, request }) {
        await services.mappers.remove({ principal, request }, id, version ?? undefined);
        return true;
      },
    }),
  );
}
