// The rows of the table: the same question put to every door, as a client of that door would write it.

export type DoorName = 'l0' | 'query-api' | 'odata' | 'graphql';

export const doors: readonly DoorName[] = ['l0', 'query-api', 'odata', 'graphql'];

export const doorTitles: Readonly<Record<DoorName, string>> = {
  l0: 'L0',
  'query-api': 'Query API',
  odata: 'OData',
  graphql: 'GraphQL',
};

export interface BenchRequest {
  readonly method: string;
  readonly path: string;
  readonly body?: string;
}

export interface Workload {
  readonly id: string;
  readonly title: string;
  /** @param n 0 for the plain request; other whole numbers change a value in it */
  readonly requests: Readonly<Partial<Record<DoorName, (n: number) => BenchRequest>>>;
  /** Budgets of DESIGN.md, section 7: at least so many of L0's requests per second, or at most so much of its CPU time. */
  readonly budget: Readonly<Partial<Record<DoorName, number>>>;
  readonly measure: 'rate' | 'cpu';
  /** Where reading the answer alone would not do: the number varies in any case, so that every request has its own key. */
  readonly alwaysVaries?: true;
}

const get = (path: string): BenchRequest => ({ method: 'GET', path });
const post = (path: string, body: unknown): BenchRequest => ({
  method: 'POST',
  path,
  body: JSON.stringify(body),
});
const patch = (path: string, body: unknown): BenchRequest => ({
  method: 'PATCH',
  path,
  body: JSON.stringify(body),
});
const query = (text: string): BenchRequest => post('/api/query', { query: text });
const odata = (path: string): BenchRequest => get(`/odata/${path.replaceAll(' ', '%20')}`);
const graphql = (text: string, variables: object): BenchRequest =>
  post('/graphql', { query: text, variables });

export const workloads: readonly Workload[] = [
  {
    id: 'filtered',
    title: '100 rows x 4 fields, filtered and sorted',
    measure: 'rate',
    budget: { 'query-api': 0.75, odata: 0.65, graphql: 0.5 },
    requests: {
      l0: n => get(`/filtered?stock=${n}`),
      'query-api': n =>
        query(
          `products(where: {stock: {gt: ${n}}}, orderBy: [{name: asc}], take: 100) { id name price stock }`,
        ),
      odata: n =>
        odata(`products?$select=id,name,price,stock&$filter=stock gt ${n}&$orderby=name asc&$top=100`),
      graphql: n =>
        graphql(
          `query InStock($where: ProductWhere, $take: Int) {
            products(where: $where, orderBy: [{name: asc}], take: $take) { id name price stock }
          }`,
          { where: { stock: { gt: n } }, take: 100 },
        ),
    },
  },
  {
    id: 'thousand',
    title: '1,000 rows x 4 fields',
    measure: 'rate',
    budget: { 'query-api': 1, odata: 0.95, graphql: 0.85 },
    requests: {
      l0: n => get(`/thousand?after=${n}`),
      'query-api': n => query(`products(where: {id: {gt: ${n}}}, take: 1000) { id name price stock }`),
      odata: n => odata(`products?$select=id,name,price,stock&$filter=id gt ${n}&$top=1000`),
      graphql: n =>
        graphql(
          `query Part($after: Int!) { products(where: {id: {gt: $after}}, take: 1000) { id name price stock } }`,
          {
            after: n,
          },
        ),
    },
  },
  {
    id: 'one',
    title: 'one row by key',
    measure: 'rate',
    budget: { 'query-api': 0.65, odata: 0.6, graphql: 0.55 },
    requests: {
      l0: n => get(`/one?id=${500 + n}`),
      'query-api': n => query(`product(id: ${500 + n}) { id name price stock }`),
      odata: n => odata(`products(${500 + n})?$select=id,name,price,stock`),
      graphql: n =>
        graphql(`query One($id: Int!) { product(id: $id) { id name price stock } }`, { id: 500 + n }),
    },
  },
  {
    id: 'nested',
    title: '50 orders with customer and items with product',
    measure: 'rate',
    budget: { 'query-api': 0.95, odata: 0.9, graphql: 0.75 },
    requests: {
      l0: n => get(`/nested?before=${20_001 - n}`),
      'query-api': n =>
        query(`orders(where: {id: {lt: ${20_001 - n}}}, orderBy: [{orderedAt: desc}], take: 50) {
          id number total orderedAt customer { id name } items { id quantity price product { id name } }
        }`),
      odata: n =>
        odata(
          `orders?$select=id,number,total,orderedAt&$filter=id lt ${20_001 - n}&$orderby=orderedAt desc&$top=50` +
            '&$expand=customer($select=id,name),items($select=id,quantity,price;$expand=product($select=id,name))',
        ),
      graphql: n =>
        graphql(
          `query Latest($before: Int!, $take: Int) {
            orders(where: {id: {lt: $before}}, orderBy: [{orderedAt: desc}], take: $take) {
              id number total orderedAt customer { id name } items { id quantity price product { id name } }
            }
          }`,
          { before: 20_001 - n, take: 50 },
        ),
    },
  },
  {
    id: 'update',
    title: 'update of one row by key',
    measure: 'rate',
    budget: { odata: 0.6, graphql: 0.6 },
    alwaysVaries: true,
    requests: {
      l0: n => patch(`/update?id=${90_000 + n}`, { stock: n }),
      odata: n => patch(`/odata/products(${90_000 + n})?$select=id,stock`, { stock: n }),
      graphql: n =>
        graphql(
          `mutation Count($id: Int!, $stock: Int!) { updateProduct(id: $id, data: {stock: $stock}) { id stock } }`,
          {
            id: 90_000 + n,
            stock: n,
          },
        ),
    },
  },
  {
    id: 'page',
    title: 'filtered, sorted page with total count',
    measure: 'cpu',
    budget: { 'query-api': 1.5, odata: 1.8, graphql: 2.2 },
    requests: {
      l0: n => get(`/page?price=${500 + n / 100}`),
      'query-api': n =>
        query(`products(where: {price: {gt: ${500 + n / 100}}}, orderBy: [{name: asc}], take: 50) { id name price stock }
          productsCount(where: {price: {gt: ${500 + n / 100}}})`),
      odata: n =>
        odata(
          `products?$select=id,name,price,stock&$filter=price gt ${500 + n / 100}&$orderby=name asc&$top=50&$count=true`,
        ),
      graphql: n =>
        graphql(
          `query Page($where: ProductWhere, $take: Int) {
            products(where: $where, orderBy: [{name: asc}], take: $take) { id name price stock }
            productsCount(where: $where)
          }`,
          { where: { price: { gt: String(500 + n / 100) } }, take: 50 },
        ),
    },
  },
];
