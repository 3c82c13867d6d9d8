// The SAP Cloud SDK, with the classes that its generator would write for two fields of a set.

import { createRequire } from 'node:module';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Listening, startListening } from '../../listening.ts';

// biome-ignore lint/suspicious/noExplicitAny: what the generator writes is typed by what it writes
type Untyped = any;

const require = createRequire(import.meta.url);
const sdk: Untyped = require('@sap-cloud-sdk/odata-v4');
const common: Untyped = createRequire(require.resolve('@sap-cloud-sdk/odata-v4'))(
  '@sap-cloud-sdk/odata-common',
);

class Supplier extends sdk.Entity {
  static _entityName = 'suppliers';
  static _defaultBasePath = '/odata';
  static _keys = ['id'];
}

class SupplierApi {
  readonly deSerializers = sdk.defaultDeSerializers;
  readonly entityConstructor = Supplier;
  get schema(): Untyped {
    const fields = new common.FieldBuilder(Supplier, this.deSerializers);
    return {
      ID: fields.buildEdmTypeField('id', 'Edm.Int32', false),
      CODE: fields.buildEdmTypeField('code', 'Edm.String', false),
      NAME: fields.buildEdmTypeField('name', 'Edm.String', false),
      COUNTRY: fields.buildEdmTypeField('country', 'Edm.String', false),
      ALL_FIELDS: new common.AllFields('*', Supplier),
    };
  }
  requestBuilder(): Untyped {
    return requestsOf(this);
  }
  entityBuilder(): Untyped {
    return common.entityBuilder(this);
  }
}

const requestsOf = (api: SupplierApi): Untyped => ({
  getAll: () => new sdk.GetAllRequestBuilder(api),
  getByKey: (id: number) => new sdk.GetByKeyRequestBuilder(api, { id }),
  create: (entity: Untyped) => new sdk.CreateRequestBuilder(api, entity),
  update: (entity: Untyped) => new sdk.UpdateRequestBuilder(api, entity),
  delete: (entity: Untyped) => new sdk.DeleteRequestBuilder(api, entity),
});

let served: Listening;
let destination: Untyped;
const suppliers = () => new SupplierApi().requestBuilder();
const { schema } = new SupplierApi();

beforeAll(async () => {
  served = await startListening();
  destination = {
    url: served.url,
    headers: { 'X-API-Key': served.server.adminKey },
  };
});
afterAll(() => served.close());

const sql = async (text: string): Promise<string[]> =>
  (await served.server.database.query(text)).rows.map(([value]) => value!);

test('reads, filters, sorts and counts', async () => {
  const found = await suppliers()
    .getAll()
    .select(schema.ID, schema.NAME)
    .filter(schema.COUNTRY.equals('DE'))
    .orderBy(common.asc(schema.NAME))
    .top(5)
    .execute(destination);
  expect(found.map((one: Untyped) => one.name)).toEqual(
    await sql(`SELECT name FROM "Supplier" WHERE country = 'DE' ORDER BY name, id LIMIT 5`),
  );
  expect(await suppliers().getAll().count().execute(destination)).toBe(
    Number((await sql('SELECT count(*) FROM "Supplier"'))[0]),
  );
  expect((await suppliers().getByKey(1).execute(destination)).id).toBe(1);
});

test('creates, updates with an entity tag and deletes', async () => {
  const entity = new SupplierApi().entityBuilder().code('SAP').name('made').country('DE').build();
  const made = await suppliers().create(entity).execute(destination);
  expect(made.name).toBe('made');
  made.name = 'changed';
  await suppliers().update(made).execute(destination);
  expect(await sql(`SELECT name FROM "Supplier" WHERE code = 'SAP'`)).toEqual(['changed']);
  await sql(`UPDATE "Supplier" SET name = 'theirs' WHERE code = 'SAP'`);
  made.name = 'mine';
  await expect(suppliers().update(made).execute(destination)).rejects.toThrow();
  const fresh = await suppliers().getByKey(made.id).execute(destination);
  await suppliers().delete(fresh).execute(destination);
  expect(await sql(`SELECT name FROM "Supplier" WHERE code = 'SAP'`)).toEqual([]);
});

test('reads and writes in a batch', async () => {
  const { batch, changeset } = sdk;
  const entity = new SupplierApi().entityBuilder().code('SAPB').name('made in a batch').country('DE').build();
  const builder = (batch ?? batchOf)(
    suppliers().getAll().top(1),
    (changeset ?? changesetOf)(suppliers().create(entity)),
  );
  const answers = await builder.execute(destination);
  expect(answers.map((answer: Untyped) => answer.isSuccess())).toEqual([true, true]);
  expect(await sql(`SELECT name FROM "Supplier" WHERE code = 'SAPB'`)).toEqual(['made in a batch']);
});

const batchOf = (...requests: Untyped[]) => new sdk.ODataBatchRequestBuilder('/odata', requests);
const changesetOf = (...requests: Untyped[]) => new common.BatchChangeSet(requests);
