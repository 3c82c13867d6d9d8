// Reads put together at random, said in OData's words and in GraphQL's: both doors give the same rows. OData says each
// condition in one of the many ways that it knows.

import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { serverForFile } from '../harness.ts';
import { client, type Get } from './client.ts';

let get: Get;

const server = serverForFile({ demo: true });
beforeAll(async () => {
  get = client(server);
});

/** A condition in both languages, with what OData's needs besides. */
interface Condition {
  readonly odata: string;
  readonly graphql: string;
  /** Names of $compute and of aliases: `['c1', 'stock']`, `['@a1', '5']`. */
  readonly names: readonly (readonly [name: string, value: string])[];
}

let names = 0;
const newName = () => `n${++names}`;

/** Spellings of a field or a value that mean the same. */
type Spelling = (text: string) => { text: string; names?: Condition['names'] };

const fieldSpellings: readonly Spelling[] = [
  text => ({ text }),
  text => ({ text: `$it/${text}` }),
  text => ({ text: `$this/${text}` }),
  text => ({ text: `(${text})` }),
  text => {
    const name = newName();
    return { text: name, names: [[name, text]] };
  },
  text => {
    const name = `@${newName()}`;
    return { text: name, names: [[name, text]] };
  },
  text => ({ text: `case(true:${text})` }),
  text => ({ text: `case(false:null,true:${text})` }),
];
const valueSpellings: readonly Spelling[] = [
  text => ({ text }),
  text => {
    const name = `@${newName()}`;
    return { text: name, names: [[name, text]] };
  },
];
const wrap: readonly ((odata: string) => string)[] = [
  odata => `(${odata})`,
  odata => `not (not (${odata}))`,
  odata => `((${odata}) eq true)`,
  odata => `case(${odata}:true,true:false)`,
  odata => `((${odata}) in (true))`,
  odata => `(case(${odata}:1) ne null)`,
];

const comparisons = { eq: 'equals', ne: 'not', lt: 'lt', le: 'lte', gt: 'gt', ge: 'gte' } as const;
type Operator = keyof typeof comparisons;
const mirrored = { eq: 'eq', ne: 'ne', lt: 'gt', le: 'ge', gt: 'lt', ge: 'le' } as const;

const operators = Object.keys(comparisons) as Operator[];
const operator = fc.constantFrom(...operators);
/** In GraphQL, a condition on a related record says that there is one; in OData, a missing value is unequal to all. */
const relatedOperator = fc.constantFrom(...operators.filter(word => word !== 'ne'));

/** @param path as OData writes it: `category/name` @param inner GraphQL's condition on the value at its end */
const atPath = (path: string, inner: string): string =>
  path.split('/').reduceRight((condition, name) => `{ ${name}: ${condition} }`, inner);

const joined = (parts: readonly (Condition['names'] | undefined)[]): Condition['names'] =>
  parts.flatMap(part => part ?? []);

function compared(path: string, value: fc.Arbitrary<string>): fc.Arbitrary<Condition> {
  return fc
    .tuple(
      path.includes('/') ? relatedOperator : operator,
      value,
      fc.constantFrom(...fieldSpellings),
      fc.constantFrom(...valueSpellings),
      fc.boolean(),
    )
    .map(([word, literal, spellField, spellValue, swapped]) => {
      const field = spellField(path);
      const other = spellValue(literal);
      const sides = swapped
        ? `${other.text} ${mirrored[word]} ${field.text}`
        : `${field.text} ${word} ${other.text}`;
      return {
        odata: sides,
        graphql: atPath(path, `{ ${comparisons[word]}: ${literal.replaceAll("'", '"')} }`),
        names: joined([field.names, other.names]),
      };
    });
}

const whole = fc.integer({ min: -5, max: 600 }).map(String);
const money = fc.integer({ min: 0, max: 90_000 }).map(cents => (cents / 100).toFixed(2));
const text = fc.constantFrom("'Baking'", "'e'", "'TEA-10007'", "'a'", "'S'", "''");

const numeric = fc.oneof(
  compared('stock', whole),
  compared(
    'price',
    money.map(digits => digits),
  ),
  compared('weight', money),
  compared('category/position', fc.integer({ min: 0, max: 6 }).map(String)),
  compared('name', text),
  compared('description', text),
  compared('category/name', text),
);

const textTests = fc
  .tuple(
    fc.constantFrom('contains', 'startswith', 'endswith'),
    fc.constantFrom('name', 'sku', 'description', 'category/name'),
    fc.constantFrom('e', 'TEA', 'St', 'an', 'g', '1'),
    fc.constantFrom(...fieldSpellings),
    fc.integer({ min: 0, max: 2 }),
  )
  .map(([name, path, part, spell, way]): Condition => {
    const field = spell(path);
    const patterns = { contains: part, startswith: `^${part}`, endswith: `${part}$` };
    const ways = [
      `${name}(${field.text},'${part}')`,
      `${name.toUpperCase()}( ${field.text} , '${part}' ) EQ TRUE`,
      `matchesPattern(${field.text},'${patterns[name as keyof typeof patterns]}')`,
    ];
    const words = { contains: 'contains', startswith: 'startsWith', endswith: 'endsWith' };
    return {
      odata: ways[way]!,
      graphql: atPath(path, `{ ${words[name as keyof typeof words]}: "${part}" }`),
      names: field.names ?? [],
    };
  });

const functions = fc
  .tuple(
    fc.constantFrom(
      ['length(name)', 'name', 'length', [20, 50]],
      ['year(createdAt)', 'createdAt', 'year', [2021, 2027]],
      ['month(updatedAt)', 'updatedAt', 'month', [1, 13]],
      ['cast(substring(cast(createdAt,Edm.String),8,2),Edm.Int32)', 'createdAt', 'day', [1, 31]],
      ['hour(time(createdAt))', 'createdAt', 'hour', [0, 24]],
      ['round(price)', 'price', 'round', [1, 300]],
      ['floor(price add 0)', 'price', 'floor', [1, 300]],
      ['-floor(-price)', 'price', 'ceiling', [1, 300]],
    ) as fc.Arbitrary<[string, string, string, [number, number]]>,
    operator,
    fc.nat(),
  )
  .map(([[odata, field, name, [from, to]], word, seed]): Condition => {
    const value = from + (seed % (to - from));
    return {
      odata: `${odata} ${word} ${value}`,
      graphql: `{ ${field}: { ${name}: { ${comparisons[word]}: ${value} } } }`,
      names: [],
    };
  });

const tags = fc.constantFrom('winter', 'gift', 'hiking', 'nope', 'vegan');
const lists = fc.oneof(
  fc.tuple(tags, fc.integer({ min: 0, max: 5 })).map(([tag, way]): Condition => {
    const ways = [
      `tags/any(t:t eq '${tag}')`,
      `'${tag}' in tags`,
      `hassubset(tags,['${tag}'])`,
      `tags/$filter($this eq '${tag}')/any()`,
      `tags/$count($filter=$this eq '${tag}') gt 0`,
      `not tags/all(tags:tags ne '${tag}')`,
    ];
    return {
      odata: ways[way]!,
      graphql: `{ tags: { has: "${tag}" } }`,
      names: [],
    };
  }),
  fc.constant<Condition>({ odata: 'not tags/any()', graphql: '{ tags: { isEmpty: true } }', names: [] }),
  fc.array(whole, { minLength: 1, maxLength: 6 }).chain(values =>
    fc.boolean().map((aliased): Condition => {
      const name = `@${newName()}`;
      return {
        odata: aliased ? `stock in ${name}` : `stock in (${values})`,
        graphql: `{ stock: { in: [${values}] } }`,
        names: aliased ? [[name, `[${values}]`]] : [],
      };
    }),
  ),
  fc.constantFrom<Condition>(
    { odata: 'category eq null', graphql: '{ category: { is: null } }', names: [] },
    { odata: 'not isof(category,Portolan.Category)', graphql: '{ category: { is: null } }', names: [] },
    { odata: 'weight eq null', graphql: '{ weight: { isNull: true } }', names: [] },
    { odata: 'not isof(weight,Edm.Double)', graphql: '{ weight: { isNull: true } }', names: [] },
    { odata: 'null ne description', graphql: '{ description: { isNull: false } }', names: [] },
  ),
);

const items = fc
  .tuple(
    fc.constantFrom('some', 'every', 'none'),
    fc.integer({ min: 1, max: 9 }),
    money,
    fc.integer({ min: 0, max: 2 }),
  )
  .map(([word, quantity, price, way]): Condition => {
    const condition = (row: string) => `${row}quantity gt ${quantity} or ${row}price lt ${price}`;
    const some = [
      `orderItems/any(i:${condition('i/')})`,
      `orderItems/$filter(${condition('')})/any()`,
      `orderItems/$count($filter=${condition('')}) gt 0`,
    ];
    const every = [
      `orderItems/all(orderItems:${condition('orderItems/')})`,
      `orderItems/$count($filter=${condition('')}) eq orderItems/$count`,
      `not orderItems/$filter(not (${condition('')}))/any()`,
    ];
    return {
      odata: word === 'some' ? some[way]! : word === 'every' ? every[way]! : `not (${some[way]!})`,
      graphql: `{ orderItems: { ${word}: { OR: [{ quantity: { gt: ${quantity} } }, { price: { lt: ${price} } }] } } }`,
      names: [],
    };
  });

const atom = fc
  .tuple(fc.oneof(numeric, textTests, functions, lists, items), fc.constantFrom(...wrap))
  .map(([condition, write]): Condition => ({ ...condition, odata: write(condition.odata) }));

const condition = fc.letrec<{ any: Condition }>(tie => ({
  any: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    atom,
    fc
      .tuple(fc.constantFrom('and', 'or'), fc.array(tie('any'), { minLength: 2, maxLength: 3 }))
      .map(([word, parts]) => ({
        odata: `(${parts.map(part => part.odata).join(` ${word} `)})`,
        graphql: `{ ${word.toUpperCase()}: [${parts.map(part => part.graphql).join(', ')}] }`,
        names: joined(parts.map(part => part.names)),
      })),
    // GraphQL's NOT has two values: what is missing counts as false.
    tie('any').map(part => ({
      ...part,
      odata: `((${part.odata}) ne true)`,
      graphql: `{ NOT: [${part.graphql}] }`,
    })),
  ),
})).any;

const order = fc.array(
  fc.tuple(
    fc.constantFrom('price', 'stock', 'name', 'weight'),
    fc.constantFrom('asc', 'desc'),
    fc.constantFrom(...fieldSpellings),
  ),
  { maxLength: 3 },
);

const nested = fc.record({
  quantity: fc.integer({ min: 0, max: 6 }),
  top: fc.integer({ min: 1, max: 4 }),
  skip: fc.integer({ min: 0, max: 2 }),
  descending: fc.boolean(),
  way: fc.integer({ min: 0, max: 3 }),
});

const select = 'id stock price category { id name } orderItems';

test('rows, their order, and what is nested in them', async () => {
  await fc.assert(
    fc.asyncProperty(
      condition,
      order,
      nested,
      async (where, terms, { quantity, top, skip, descending, way }) => {
        const direction = descending ? 'desc' : 'asc';
        const keys = terms.map(([field, word, spell]) => ({ ...spell(field), field, word }));
        const known = new Map([...where.names, ...joined(keys.map(key => key.names))]);
        const computed = [...known]
          .filter(([name]) => !name.startsWith('@'))
          .map(([name, value]) => `${value} as ${name}`);
        const aliases = [...known]
          .filter(([name]) => name.startsWith('@'))
          .map(([name, value]) => `&${name}=${value}`);
        const filters = [
          `$filter=quantity gt ${quantity}`,
          `$compute=quantity add 0 as q;$filter=q gt ${quantity}`,
          `@q=${quantity};$filter=quantity gt @q`,
          `$filter=$this/quantity gt ${quantity} and $it/id eq productId`,
        ];
        const orders = ['quantity', '-(-quantity)', 'case(true:quantity)', '$this/quantity'];
        const options = `${filters[way]};$orderby=${orders[way]} ${direction},id;$top=${top};$skip=${skip};$select=id,quantity`;
        const query = [
          `$filter=${where.odata}`,
          computed.length > 0 && `$compute=${computed}`,
          keys.length > 0 && `$orderby=${keys.map(({ text: by, word }) => `${by} ${word}`)}`,
          `$select=id,stock,price&$expand=category($select=id,name),orderItems(${options})&$top=25`,
        ];
        const path = encodeURI(`/products?${query.filter(Boolean).join('&')}${aliases.join('')}`);
        const reply = await get(path, {
          accept: 'application/json;odata.metadata=none;IEEE754Compatible=true',
        });
        expect(reply.status, `${decodeURI(path)}\n${reply.text}`).toBe(200);
        const orderBy = terms.map(([field, word]) => `{ ${field}: ${word} }`);
        const rows =
          await graphql(`{ products(where: ${where.graphql}, orderBy: [${orderBy}], take: 25) { ${select}(
        where: { quantity: { gt: ${quantity} } }, orderBy: [{ quantity: ${direction} }, { id: asc }], take: ${top}, skip: ${skip}
      ) { id quantity } } }`);
        expect(plain(reply.body.value), decodeURI(path)).toEqual(plain(rows));
      },
    ),
    { numRuns: 150 },
  );
});

/** @returns rows without what OData says of them besides, prices as numbers */
const plain = (rows: unknown): unknown =>
  JSON.parse(
    JSON.stringify(rows, (name, value) =>
      name.startsWith('@') ? undefined : name === 'price' ? Number(value) : value,
    ),
  );

async function graphql(query: string): Promise<unknown> {
  const response = await server.fetch('/graphql', { key: server.adminKey, json: { query } });
  const body = (await response.json()) as { data?: { products: unknown }; errors?: unknown };
  expect(body.errors, query).toBeUndefined();
  return body.data!.products;
}
