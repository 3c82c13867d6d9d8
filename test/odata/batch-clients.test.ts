// Batches as clients write them, byte for byte. OpenUI5's, odatajs', Breeze's, @odata/client's and o.js' were recorded from
// the programs; those of Syncfusion and of SAP's SDK follow their observed forms.

import { describe, expect, test } from 'vitest';
import { serverForFile } from '../harness.ts';
import { answersOf, type PartReply, sendBatch } from './batch-client.ts';

const server = serverForFile({ demo: true, env: { PUBLIC_URL: 'http://127.0.0.1:43113' } });

/** @param lines joined by CR LF */
async function answers(
  type: string,
  lines: readonly string[],
  headers: Record<string, string> = { accept: 'multipart/mixed' },
): Promise<PartReply[]> {
  const reply = await sendBatch(server, { body: lines.join('\r\n'), contentType: type, headers });
  expect(reply.status, reply.text).toBe(200);
  expect(reply.headers.get('content-type')).toMatch(/^multipart\/mixed; boundary=/);
  return answersOf(reply);
}

const statuses = (parts: readonly PartReply[]): number[] => parts.map(({ status }) => status);

describe('OpenUI5', () => {
  const headers = [
    'Accept:application/json;odata.metadata=minimal;IEEE754Compatible=true',
    'Accept-Language:en-US',
    'Content-Type:application/json;charset=UTF-8;IEEE754Compatible=true',
  ];
  const head = ['Content-Type:application/http', 'Content-Transfer-Encoding:binary'];

  test('reads', async () => {
    const [list] = await answers('multipart/mixed; boundary=batch_id-1795524735639-9', [
      '--batch_id-1795524735639-9',
      ...head,
      '',
      'GET products?$count=true&$select=id,name,price&$orderby=name&$filter=stock%20gt%200&$skip=0&$top=20 HTTP/1.1',
      ...headers,
      '',
      '',
      '--batch_id-1795524735639-9--',
      'Group ID: $auto',
    ]);
    expect(list!.status).toBe(200);
    expect(list!.headers.get('content-type')).toBe(
      'application/json;odata.metadata=minimal;IEEE754Compatible=true',
    );
    expect(list!.body['@odata.count']).toEqual(expect.any(String));
    expect(list!.body.value).toHaveLength(20);
    expect(list!.body.value[0].price).toEqual(expect.any(String));
  });

  test('groups', async () => {
    const [groups] = await answers('multipart/mixed; boundary=batch_id-1795524736123-12', [
      '--batch_id-1795524736123-12',
      ...head,
      '',
      'GET products?$apply=concat(aggregate(stock),groupby((active),aggregate(stock))/concat(aggregate($count%20as%20UI5__count),top(9))) HTTP/1.1',
      ...headers,
      '',
      '',
      '--batch_id-1795524736123-12--',
      'Group ID: $auto',
    ]);
    expect(groups!.status, groups!.text).toBe(200);
    expect(groups!.body.value.length).toBeGreaterThan(2);
  });

  test('writes in a changeset, with a number of its own for each request', async () => {
    const [{ id }] = (
      await answers('multipart/mixed; boundary=x', [
        '--x',
        ...head,
        '',
        'GET suppliers?$top=1&$select=id HTTP/1.1',
        '',
        '',
        '--x--',
      ])
    )[0]!.body.value;
    const parts = await answers('multipart/mixed; boundary=batch_id-1795524736212-14', [
      '--batch_id-1795524736212-14',
      'Content-Type: multipart/mixed;boundary=changeset_id-1795524736212-15',
      '',
      '--changeset_id-1795524736212-15',
      ...head,
      'Content-ID:0.0',
      '',
      'POST suppliers HTTP/1.1',
      ...headers,
      '',
      '{"code":"UI5","name":"Made by a table","country":"DE"}',
      '--changeset_id-1795524736212-15',
      ...head,
      'Content-ID:1.0',
      '',
      `PATCH suppliers(${id}) HTTP/1.1`,
      ...headers,
      'If-Match:*',
      '',
      '{"name":"Renamed by a table"}',
      '--changeset_id-1795524736212-15--',
      '',
      '--batch_id-1795524736212-14',
      ...head,
      '',
      'GET suppliers?$filter=code%20eq%20%27UI5%27 HTTP/1.1',
      ...headers,
      '',
      '',
      '--batch_id-1795524736212-14--',
      'Group ID: $auto',
    ]);
    expect(parts.map(({ status, around }) => [status, around.get('content-id')])).toEqual([
      [201, '0.0'],
      [expect.any(Number), '1.0'],
      [200, null],
    ]);
    expect(parts[1]!.status).toBeLessThan(300);
    expect(parts[2]!.body.value).toHaveLength(1);
  });
});

test('odatajs: a blank line first, and the Content-ID among the inner headers', async () => {
  const parts = await answers('multipart/mixed;boundary=batch_b91c-ffe5-1503', [
    '',
    '--batch_b91c-ffe5-1503',
    'Content-Type: application/http',
    'Content-Transfer-Encoding: binary',
    '',
    'GET products?$top=1 HTTP/1.1',
    'Accept: application/json;q=0.9, */*;q=0.1',
    'OData-MaxVersion: 4.0',
    '',
    '',
    '--batch_b91c-ffe5-1503',
    'Content-Type: multipart/mixed; boundary=changeset_837d-a4a2-fd37',
    '',
    '--changeset_837d-a4a2-fd37',
    'Content-Type: application/http',
    'Content-Transfer-Encoding: binary',
    '',
    'POST suppliers HTTP/1.1',
    'Content-ID: 1',
    'Accept: application/json;q=0.9, */*;q=0.1',
    'OData-Version: 4.0',
    'Content-Type: application/json',
    'OData-MaxVersion: 4.0',
    '',
    '{"code":"OLI","name":"Olingo","country":"DE"}',
    '--changeset_837d-a4a2-fd37--',
    '',
    '--batch_b91c-ffe5-1503--',
    '',
  ]);
  expect(statuses(parts)).toEqual([200, 201]);
  expect(parts[1]!.around.get('content-id')).toBe('1');
});

test('Breeze: absolute URLs, PATCH and POST in one changeset, a key made up by the client', async () => {
  const headers = [
    'Content-Type: application/json;IEEE754Compatible=true',
    'OData-Version: 4.0',
    'Accept: application/json;q=0.9, */*;q=0.1',
    'OData-MaxVersion: 4.0',
  ];
  const parts = await answers('multipart/mixed;boundary=batch_940e-e448-f8c5', [
    '',
    '--batch_940e-e448-f8c5',
    'Content-Type: multipart/mixed; boundary=changeset_b6df-1ab9-9ef7',
    '',
    '--changeset_b6df-1ab9-9ef7',
    'Content-Type: application/http',
    'Content-Transfer-Encoding: binary',
    '',
    'PATCH http://127.0.0.1:43113/odata/categories(1) HTTP/1.1',
    'Content-ID: 1',
    ...headers,
    '',
    '{"name":"Changed by Breeze"}',
    '--changeset_b6df-1ab9-9ef7',
    'Content-Type: application/http',
    'Content-Transfer-Encoding: binary',
    '',
    'POST http://127.0.0.1:43113/odata/categories HTTP/1.1',
    'Content-ID: 2',
    ...headers,
    '',
    '{"id":-1,"slug":"breeze","name":"Made by Breeze","parentId":null,"position":1}',
    '--changeset_b6df-1ab9-9ef7--',
    '',
    '--batch_940e-e448-f8c5--',
    '',
  ]);
  expect(statuses(parts)).toEqual([204, 201]);
  expect(parts.map(({ around }) => around.get('content-id'))).toEqual(['1', '2']);
});

test('@odata/client: JSON accepted of the batch, blank lines before the bodies, no Content-ID', async () => {
  const parts = await answers(
    'multipart/mixed; boundary=f9a51984-695f-461a-b8dd-87b0f9799d17',
    [
      '--f9a51984-695f-461a-b8dd-87b0f9799d17',
      'Content-Type: application/http',
      'Content-Transfer-Encoding: binary',
      '',
      'GET products?$top=1 HTTP/1.1',
      'Accept: application/json',
      '',
      '',
      '',
      '',
      '--f9a51984-695f-461a-b8dd-87b0f9799d17',
      'Content-Type: multipart/mixed; boundary=f462f4e2-d41b-4ada-8261-52c6ad2a943d',
      '',
      '--f462f4e2-d41b-4ada-8261-52c6ad2a943d',
      'Content-Type: application/http',
      'Content-Transfer-Encoding: binary',
      '',
      'POST suppliers HTTP/1.1',
      'Accept: application/json',
      'Content-Type: application/json',
      '',
      '',
      '{"code":"ODB","name":"made in a batch","country":"DE"}',
      '',
      '--f462f4e2-d41b-4ada-8261-52c6ad2a943d--',
      '--f9a51984-695f-461a-b8dd-87b0f9799d17--',
    ],
    { accept: 'application/json' },
  );
  expect(statuses(parts)).toEqual([200, 201]);
});

test('o.js: absolute URLs, no Content-Type of a body, PATCH outside of any changeset', async () => {
  const parts = await answers(
    'multipart/mixed;boundary=batch_d64ce6b8-7c4c-422c-f28b-da3b426356f2',
    [
      '--batch_d64ce6b8-7c4c-422c-f28b-da3b426356f2',
      'Content-Type: application/http',
      'Content-Transfer-Encoding: binary',
      'Content-ID: 1',
      '',
      'GET http://127.0.0.1:43113/odata/categories(1) HTTP/1.1',
      'content-type: application/json',
      '',
      '',
      '--batch_d64ce6b8-7c4c-422c-f28b-da3b426356f2',
      'Content-Type: application/http',
      'Content-Transfer-Encoding: binary',
      'Content-ID: 2',
      '',
      'PATCH http://127.0.0.1:43113/odata/categories(1) HTTP/1.1',
      '',
      '{"name":"Changed by o.js"}',
      '--batch_d64ce6b8-7c4c-422c-f28b-da3b426356f2--',
      '',
    ],
    { accept: '*/*' },
  );
  expect(statuses(parts)).toEqual([200, 204]);
  expect(parts.map(({ around }) => around.get('content-id'))).toEqual(['1', '2']);
});

test('Syncfusion: line feeds, blanks at the ends of lines, a trailing slash, Content-Id 0', async () => {
  const body = [
    '--batch_8d2c6f1e',
    'Content-Type: multipart/mixed; boundary=changeset_5b7a0c3d',
    '',
    '--changeset_5b7a0c3d',
    'Content-Type: application/http ',
    'Content-Transfer-Encoding: binary ',
    'Content-Id: 0',
    '',
    'POST /odata/suppliers/ HTTP/1.1',
    'Accept: application/json',
    'Content-Type: application/json; charset=utf-8 ',
    'Prefer: return=representation',
    '',
    '{"code":"SYN","name":"made in a grid","country":"DE"}',
    '',
    '--changeset_5b7a0c3d',
    'Content-Type: application/http ',
    'Content-Transfer-Encoding: binary ',
    'Content-Id: 1',
    '',
    'PATCH /odata/categories(2)/ HTTP/1.1',
    'Content-Type: application/json; charset=utf-8 ',
    '',
    '{"id":2,"name":"changed in a grid"}',
    '',
    '--changeset_5b7a0c3d--',
    '--batch_8d2c6f1e--',
  ].join('\n');
  const reply = await sendBatch(server, {
    body,
    contentType: 'multipart/mixed; boundary=batch_8d2c6f1e; charset=UTF-8',
  });
  expect(reply.status, reply.text).toBe(200);
  const parts = answersOf(reply);
  expect(statuses(parts)).toEqual([201, 204]);
  expect(parts.map(({ around }) => around.get('content-id'))).toEqual(['0', '1']);
});

test('SAP Cloud SDK: URLs that begin with a slash and are relative to the service', async () => {
  const parts = await answers('multipart/mixed; boundary=batch_6cf3a1d0-0c5f-4a39-9a53-6a4b7a2f2b11', [
    '--batch_6cf3a1d0-0c5f-4a39-9a53-6a4b7a2f2b11',
    'Content-Type: application/http',
    'Content-Transfer-Encoding: binary',
    '',
    'GET /products?$format=json&$top=2&$select=id,name HTTP/1.1',
    'Content-Type: application/json',
    'Accept: application/json',
    '',
    '',
    '--batch_6cf3a1d0-0c5f-4a39-9a53-6a4b7a2f2b11',
    'Content-Type: multipart/mixed; boundary=changeset_0d7a7c9e-2f8b-4f65-8f0a-52f1d2f0c9c4',
    '',
    '--changeset_0d7a7c9e-2f8b-4f65-8f0a-52f1d2f0c9c4',
    'Content-Type: application/http',
    'Content-Transfer-Encoding: binary',
    'Content-Id: 3b8f2a52-7f3f-4b6e-9a0c-77d3a2b1f4f0',
    '',
    'POST /suppliers HTTP/1.1',
    'Content-Type: application/json',
    'Accept: application/json',
    '',
    '{"code":"SAP","name":"made by a service","country":"DE"}',
    '--changeset_0d7a7c9e-2f8b-4f65-8f0a-52f1d2f0c9c4--',
    '',
    '--batch_6cf3a1d0-0c5f-4a39-9a53-6a4b7a2f2b11--',
    '',
  ]);
  expect(statuses(parts)).toEqual([200, 201]);
  expect(parts[0]!.body.value).toHaveLength(2);
  expect(parts[1]!.around.get('content-id')).toBe('3b8f2a52-7f3f-4b6e-9a0c-77d3a2b1f4f0');
});
