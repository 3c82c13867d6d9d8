// Reads in the words of each door. GraphQL and the Query API take the same selection; OData says it where it can.

export interface Read {
  /** What it shows. */
  readonly promise: string;
  /** A selection of one root field; its rows are compared. */
  readonly selection: string;
  readonly variables?: Record<string, unknown>;
  /** Declarations of the variables, for GraphQL's full document. */
  readonly declare?: string;
  /** Path and query under /odata, where OData can say it. */
  readonly odata?: string;
  /** Some reads are about finding nothing. */
  readonly empty?: true;
}

const few = '$select=id,name&$orderby=id&$top=20';
const products = (filter: string): string => `products?$filter=${filter}&${few}`;
const select = (where: string): string =>
  `products(where: ${where}, orderBy: [{ id: asc }], take: 20) { id name }`;

/** A filter on products in both languages. */
const filter = (promise: string, where: string, odata?: string, more: Partial<Read> = {}): Read => ({
  promise,
  selection: select(where),
  odata: odata && products(odata),
  ...more,
});

const texts: Read[] = [
  filter('text equals', '{ sku: { equals: "__SKU__" } }', "sku eq '__SKU__'"),
  filter('text does not equal', '{ sku: { not: "__SKU__" } }', "sku ne '__SKU__'"),
  filter('text is one of', '{ sku: { in: ["__SKU__", "nope"] } }', "sku in ('__SKU__','nope')"),
  filter('text is none of', '{ sku: { notIn: ["__SKU__", "nope"] } }', "not (sku in ('__SKU__','nope'))"),
  filter('text is less', '{ name: { lt: "C" } }', "name lt 'C'"),
  filter('text is greater or equal', '{ name: { gte: "S" } }', "name ge 'S'"),
  filter('text contains', '{ name: { contains: "er" } }', "contains(name,'er')"),
  filter('text starts with', '{ name: { startsWith: "S" } }', "startswith(name,'S')"),
  filter('text ends with', '{ name: { endsWith: "r" } }', "endswith(name,'r')"),
  filter(
    'text contains, whatever the case',
    '{ name: { contains: "ER", mode: insensitive } }',
    "contains(tolower(name),tolower('ER'))",
  ),
  filter(
    'text equals, whatever the case',
    '{ sku: { equals: "__sku__", mode: insensitive } }',
    "tolower(sku) eq tolower('__sku__')",
  ),
  filter('text does not contain', '{ NOT: { name: { contains: "e" } } }', "not contains(name,'e')"),
  filter('a percent sign means itself', '{ name: { contains: "%" } }', "contains(name,'%25')"),
  filter('an underscore means itself', '{ name: { contains: "_" } }', "contains(name,'_')"),
  filter('a quote means itself', '{ name: { contains: "\'" } }', "contains(name,'''')"),
];

const numbers: Read[] = [
  filter('whole number equals', '{ stock: { equals: 0 } }', 'stock eq 0'),
  filter('whole number does not equal', '{ stock: { not: 0 } }', 'stock ne 0'),
  filter('whole number is greater', '{ stock: { gt: 100 } }', 'stock gt 100'),
  filter('whole number is less or equal', '{ stock: { lte: 3 } }', 'stock le 3'),
  filter('whole number is one of', '{ id: { in: [1, 2, 3] } }', 'id in (1,2,3)'),
  filter('decimal is greater', '{ price: { gt: "49.99" } }', 'price gt 49.99'),
  filter('decimal is less', '{ price: { lt: 5 } }', 'price lt 5'),
  filter('decimal between', '{ price: { gte: "10.00", lte: "12.50" } }', 'price ge 10 and price le 12.5'),
  filter('float is greater', '{ weight: { gt: 2.5 } }', 'weight gt 2.5'),
  {
    promise: 'big integer is greater than any double can tell',
    selection:
      'stockLevels(where: { movements: { gt: "9007199254740992" } }, orderBy: [{ warehouseId: asc }, { productId: asc }], take: 5) { warehouseId productId movements }',
    odata:
      'stockLevels?$filter=movements gt 9007199254740992&$orderby=warehouseId,productId&$top=5&$select=warehouseId,productId,movements',
  },
];

const others: Read[] = [
  filter('boolean equals', '{ active: { equals: false } }', 'active eq false'),
  filter('boolean does not equal', '{ active: { not: false } }', 'active ne false'),
  filter(
    'moment is greater',
    '{ createdAt: { gt: "2026-01-01T00:00:00Z" } }',
    'createdAt gt 2026-01-01T00:00:00Z',
  ),
  filter(
    'moment with an offset is the same moment',
    '{ createdAt: { gt: "2026-01-01T01:00:00+01:00" } }',
    'createdAt gt 2026-01-01T01:00:00%2B01:00',
  ),
  {
    promise: 'day is less',
    selection: 'suppliers(where: { since: { lt: "2015-01-01" } }, orderBy: [{ id: asc }]) { id since }',
    odata: 'suppliers?$filter=since lt 2015-01-01&$orderby=id&$select=id,since',
  },
  {
    promise: 'time of day is at the latest',
    selection: 'warehouses(where: { opensAt: { lte: "08:00:00" } }, orderBy: [{ id: asc }]) { id opensAt }',
    odata: 'warehouses?$filter=opensAt le 08:00:00&$orderby=id&$select=id,opensAt',
  },
  {
    promise: 'enum equals',
    selection:
      'orders(where: { status: { equals: SHIPPED } }, orderBy: [{ id: asc }], take: 10) { id status }',
    odata: "orders?$filter=status eq 'SHIPPED'&$orderby=id&$top=10&$select=id,status",
  },
  {
    promise: 'enum is one of',
    selection:
      'orders(where: { status: { in: [PAID, CANCELLED] } }, orderBy: [{ id: asc }], take: 10) { id status }',
    odata: "orders?$filter=status in ('PAID','CANCELLED')&$orderby=id&$top=10&$select=id,status",
  },
  {
    promise: 'UUID equals',
    selection: 'dataSheets(orderBy: [{ id: asc }], take: 3) { id productId language pages }',
    odata: 'dataSheets?$orderby=id&$top=3&$select=id,productId,language,pages',
  },
  {
    promise: 'bytes come as base64',
    selection: 'dataSheets(orderBy: [{ productId: asc }], take: 5) { productId preview }',
    odata: 'dataSheets?$orderby=productId&$top=5&$select=productId,preview',
  },
  {
    promise: 'JSON comes as it is',
    selection: 'products(orderBy: [{ id: asc }], take: 10) { id attributes }',
  },
  filter('a list has an element', '{ tags: { has: "__TAG__" } }', "tags/any(t:t eq '__TAG__')"),
  filter('a list has no element', '{ tags: { isEmpty: true } }', 'not tags/any()'),
  filter(
    'a list does not have an element',
    '{ NOT: { tags: { has: "__TAG__" } } }',
    "not tags/any(t:t eq '__TAG__')",
  ),
];

const missing: Read[] = [
  filter('missing values', '{ barcode: { equals: null } }', 'barcode eq null'),
  filter('present values', '{ barcode: { not: null } }', 'barcode ne null'),
  filter('missing, in other words', '{ barcode: { isNull: true } }', 'barcode eq null'),
  filter('what is missing is not equal', '{ barcode: { not: "x" } }', "barcode ne 'x'"),
  filter('what is missing is not less', '{ weight: { lt: 1 } }', 'weight lt 1'),
  filter('what is missing is not "not less"', '{ NOT: { weight: { lt: 1 } } }', 'not (weight lt 1)'),
  filter('missing related record', '{ category: { is: null } }', 'category eq null'),
  filter('present related record', '{ supplier: { isNot: null } }', 'supplier ne null'),
];

const logic: Read[] = [
  filter('all of', '{ AND: [{ stock: { gt: 0 } }, { price: { lt: 20 } }] }', 'stock gt 0 and price lt 20'),
  filter(
    'side by side means all of',
    '{ stock: { gt: 0 }, price: { lt: 20 } }',
    'stock gt 0 and price lt 20',
  ),
  filter(
    'any of',
    '{ OR: [{ stock: { equals: 0 } }, { price: { gt: 500 } }] }',
    'stock eq 0 or price gt 500',
  ),
  filter('any of nothing', '{ OR: [] }', undefined, { empty: true }),
  filter('all of nothing', '{ AND: [] }'),
  filter(
    'not, and, or',
    '{ NOT: { OR: [{ active: { equals: false } }, { stock: { equals: 0 } }] } }',
    'not (active eq false or stock eq 0)',
  ),
];

const relations: Read[] = [
  filter(
    'through a to-one relation',
    '{ category: { is: { slug: { startsWith: "k" } } } }',
    "startswith(category/slug,'k')",
  ),
  filter(
    'through two to-one relations',
    '{ category: { is: { parent: { is: { name: { contains: "e" } } } } } }',
    "contains(category/parent/name,'e')",
  ),
  {
    promise: 'some related records',
    selection:
      'categories(where: { products: { some: { price: { gt: 300 } } } }, orderBy: [{ id: asc }]) { id slug }',
    odata: 'categories?$filter=products/any(p:p/price gt 300)&$orderby=id&$select=id,slug',
  },
  {
    promise: 'no related records',
    selection: 'categories(where: { products: { none: {} } }, orderBy: [{ id: asc }]) { id slug }',
    odata: 'categories?$filter=not products/any()&$orderby=id&$select=id,slug',
  },
  {
    promise: 'every related record',
    selection:
      'orders(where: { items: { every: { quantity: { lt: 3 } } } }, orderBy: [{ id: asc }], take: 20) { id }',
    odata: 'orders?$filter=items/all(i:i/quantity lt 3)&$orderby=id&$top=20&$select=id',
  },
  filter(
    'many to many',
    '{ collections: { some: { season: { equals: SUMMER } } } }',
    "collections/any(c:c/season eq 'SUMMER')",
  ),
  {
    promise: 'one to one, from the other side',
    selection:
      'products(where: { sheet: { is: { pages: { gt: 3 } } } }, orderBy: [{ id: asc }], take: 20) { id }',
    odata: 'products?$filter=sheet/pages gt 3&$orderby=id&$top=20&$select=id',
  },
  {
    promise: 'relations within relations',
    selection:
      'customers(where: { orders: { some: { items: { some: { product: { is: { price: { gt: 400 } } } } } } } }, orderBy: [{ id: asc }], take: 20) { id }',
    odata:
      'customers?$filter=orders/any(o:o/items/any(i:i/product/price gt 400))&$orderby=id&$top=20&$select=id',
  },
  {
    promise: 'a record related to itself',
    selection: 'categories(where: { children: { some: {} } }, orderBy: [{ id: asc }]) { id name }',
    odata: 'categories?$filter=children/any()&$orderby=id&$select=id,name',
  },
];

const orders: Read[] = [
  {
    promise: 'sorting by two keys',
    selection: 'products(orderBy: [{ stock: desc }, { name: asc }], take: 20) { id }',
    odata: 'products?$orderby=stock desc,name&$top=20&$select=id',
  },
  {
    promise: 'missing values come first ascending',
    selection: 'products(orderBy: [{ weight: asc }], take: 20) { id weight }',
    odata: 'products?$orderby=weight&$top=20&$select=id,weight',
  },
  {
    promise: 'missing values come last descending',
    selection: 'products(orderBy: [{ barcode: desc }], take: 20) { id barcode }',
    odata: 'products?$orderby=barcode desc&$top=20&$select=id,barcode',
  },
  {
    promise: 'missing values where the caller wants them',
    selection: 'products(orderBy: [{ weight: asc_nulls_last }], take: 20) { id weight }',
  },
  {
    promise: 'sorting through a to-one relation',
    selection:
      'products(orderBy: [{ supplier: { name: desc } }, { id: desc }], take: 20) { id supplier { name } }',
    odata: 'products?$orderby=supplier/name desc,id desc&$top=20&$select=id&$expand=supplier($select=name)',
  },
  {
    promise: 'sorting by a field that the database computes',
    selection: 'orderItems(orderBy: [{ amount: desc }], take: 20) { id amount }',
    odata: 'orderItems?$orderby=amount desc&$top=20&$select=id,amount',
  },
  {
    promise: 'skipping rows',
    selection: 'products(orderBy: [{ name: asc }], skip: 40, take: 20) { id name }',
    odata: 'products?$orderby=name&$skip=40&$top=20&$select=id,name',
  },
  {
    promise: 'skipping all rows',
    selection: 'products(skip: 1000000, take: 20) { id }',
    odata: 'products?$skip=1000000&$top=20&$select=id',
    empty: true,
  },
  {
    promise: 'taking none',
    selection: 'products(take: 0) { id }',
    odata: 'products?$top=0&$select=id',
    empty: true,
  },
  {
    promise: 'the default page',
    selection: 'products(orderBy: [{ id: asc }]) { id }',
  },
];

const nesting: Read[] = [
  {
    promise: 'to-one, to-many and to-one again',
    selection:
      'orders(orderBy: [{ id: asc }], take: 10) { number total customer { name } items(orderBy: [{ id: asc }]) { quantity product { name price } } }',
    odata:
      'orders?$orderby=id&$top=10&$select=number,total&$expand=customer($select=name),items($select=quantity;$orderby=id;$expand=product($select=name,price))',
  },
  {
    promise: 'nested lists with their own filter, order and page',
    selection:
      'categories(where: { products: { some: {} } }, orderBy: [{ slug: asc }], take: 10) { slug products(where: { stock: { gt: 0 } }, orderBy: [{ price: desc }], take: 2, skip: 1) { sku price } }',
    odata:
      'categories?$filter=products/any()&$orderby=slug&$top=10&$select=slug&$expand=products($filter=stock gt 0;$orderby=price desc;$top=2;$skip=1;$select=sku,price)',
  },
  {
    promise: 'a tree, three levels deep',
    selection:
      'categories(where: { parent: { is: null } }, orderBy: [{ id: asc }]) { slug children(orderBy: [{ id: asc }]) { slug children(orderBy: [{ id: asc }]) { slug } } }',
    odata:
      'categories?$filter=parent eq null&$orderby=id&$select=slug&$expand=children($select=slug;$orderby=id;$expand=children($select=slug;$orderby=id))',
  },
  {
    promise: 'many to many, nested',
    selection:
      'collections(orderBy: [{ id: asc }]) { slug season products(orderBy: [{ id: asc }], take: 3) { sku } }',
    odata: 'collections?$orderby=id&$select=slug,season&$expand=products($orderby=id;$top=3;$select=sku)',
  },
  {
    promise: 'composite keys, nested',
    selection:
      'warehouses(orderBy: [{ id: asc }]) { code opensAt levels(orderBy: [{ productId: asc }], take: 3) { quantity movements countedAt product { sku } } }',
    odata:
      'warehouses?$orderby=id&$select=code,opensAt&$expand=levels($orderby=productId;$top=3;$select=quantity,movements,countedAt;$expand=product($select=sku))',
  },
  {
    promise: 'one to one, where it leads nowhere',
    selection: 'products(orderBy: [{ id: asc }], take: 20) { id sheet { language pages } }',
    odata: 'products?$orderby=id&$top=20&$select=id&$expand=sheet($select=language,pages)',
  },
  {
    promise: 'fields that TypeScript computes, nested',
    selection:
      'categories(orderBy: [{ id: asc }], take: 10) { id products(orderBy: [{ id: asc }], take: 2) { label } }',
    odata: 'categories?$orderby=id&$top=10&$select=id&$expand=products($orderby=id;$top=2;$select=label)',
  },
  {
    promise: 'fields that TypeScript computes',
    selection: 'products(orderBy: [{ id: asc }], take: 10) { label }',
    odata: 'products?$orderby=id&$top=10&$select=label',
  },
];

const everyScalar: Read[] = [
  {
    promise: 'every kind of value of a product',
    selection:
      'products(orderBy: [{ id: asc }], take: 50) { id sku name description price cost margin stock barcode active tags weight categoryId createdAt updatedAt }',
    odata:
      'products?$orderby=id&$top=50&$select=id,sku,name,description,price,cost,margin,stock,barcode,active,tags,weight,categoryId,createdAt,updatedAt',
  },
  {
    promise: 'every kind of value of an order',
    selection:
      'orders(orderBy: [{ id: desc }], take: 50) { id number status total orderedAt dueOn note customerId }',
    odata: 'orders?$orderby=id desc&$top=50&$select=id,number,status,total,orderedAt,dueOn,note,customerId',
  },
];

const inVariables: Read[] = [
  {
    promise: 'values in variables',
    declare: '($least: Decimal, $kinds: [OrderStatus!], $take: Int)',
    selection:
      'orders(where: { total: { gte: $least }, status: { in: $kinds } }, orderBy: [{ id: asc }], take: $take) { id total }',
    variables: { least: '100.00', kinds: ['PAID', 'SHIPPED'], take: 7 },
    odata:
      "orders?$filter=total ge 100.00 and status in ('PAID','SHIPPED')&$orderby=id&$top=7&$select=id,total",
  },
  {
    promise: 'a whole filter in a variable',
    declare: '($where: ProductWhere)',
    selection: 'products(where: $where, orderBy: [{ id: asc }], take: 9) { id }',
    variables: { where: { stock: { gt: 5 }, NOT: { name: { contains: 'a' } } } },
    odata: "products?$filter=stock gt 5 and not contains(name,'a')&$orderby=id&$top=9&$select=id",
  },
];

const aggregates: Read[] = [
  {
    promise: 'rows by the number of related rows',
    selection:
      'categories(where: { productsAggregate: { count: { gt: 80 } } }, orderBy: [{ id: asc }]) { id name }',
    odata: 'categories?$filter=products/$count gt 80&$orderby=id&$select=id,name',
  },
  {
    promise: 'rows by the number of those related rows that meet a condition',
    selection:
      'categories(where: { productsAggregate: { count: { lte: 40 }, where: { stock: { gt: 50 } } } }, orderBy: [{ id: asc }]) { id }',
    odata: 'categories?$filter=products/$count($filter=stock gt 50) le 40&$orderby=id&$select=id',
  },
  {
    promise: 'order by the number of related rows',
    selection: 'suppliers(orderBy: [{ productsAggregate: { count: desc } }, { id: asc }], take: 8) { id }',
    odata: 'suppliers?$orderby=products/$count desc,id&$top=8&$select=id',
  },
  {
    promise: 'order by a sum over related rows',
    selection:
      'categories(orderBy: [{ productsAggregate: { sum: { stock: desc }, where: { active: { equals: true } } } }], take: 9) { id }',
  },
  {
    promise: 'aggregates of related rows, deep inside',
    selection:
      'suppliers(orderBy: [{ id: asc }], take: 3) { id products(take: 3) { category { productsAggregate { count sum { price stock } avg { price } min { name createdAt } max { cost } countDistinct { supplierId } } } } }',
  },
  {
    promise: 'all rows together',
    selection:
      'productsAggregate(where: { category: { productsAggregate: { count: { gt: 50 } } } }) { count countDistinct { categoryId } sum { price stock weight } avg { cost stock } min { margin sku } max { createdAt active } }',
  },
  {
    promise: 'groups by fields of related records',
    selection:
      'productsGroupBy(having: { count: { gt: 2 } }, orderBy: [{ avg: { price: desc } }], take: 20) { key { category { name parent { slug } } active } count sum { stock } avg { price } }',
  },
  {
    promise: 'groups by parts of dates',
    selection:
      'ordersGroupBy(orderBy: [{ key: { orderedAt: { year: desc } } }]) { key { orderedAt { year month } status } count sum { total } max { dueOn } }',
  },
];

/** What is found comes in the order of the match, so the order is compared as well. */
const search = (promise: string, words: string, odata: string, more: Partial<Read> = {}): Read => ({
  promise,
  selection: `products(search: ${JSON.stringify(words)}, take: 12) { id name }`,
  odata: `products?$search=${odata}&$select=id,name&$top=12`,
  ...more,
});

const searches: Read[] = [
  search('a word, the best match first', 'oak', 'OAK'),
  search('words that must all occur', 'oak table', 'oak AND table'),
  search('words side by side', 'table  oak', 'table oak'),
  search('a phrase', '"solid oak"', '"solid oak"'),
  search('one word or another', 'oak or walnut', 'oak OR walnut'),
  search('one pair of words or another', 'oak table or steel', '(oak table) OR steel'),
  search('a word without another', 'oak -table', 'oak NOT table'),
  search('words without a phrase', 'table -"solid oak"', 'table AND NOT "solid oak"'),
  search('how a word may go on', 'tab*', 'tab*'),
  search('an article number as it is written', '__SKU__', '__SKU__'),
  search('what nothing has', 'xyzzy', 'xyzzy', { empty: true }),
  search('nothing but punctuation', "' | & !", "'|'", { empty: true }),
  {
    promise: 'what is found and meets a condition, in an order of its own',
    selection:
      'products(search: "oak", where: { stock: { gt: 5 } }, orderBy: [{ price: desc }], take: 9) { id price }',
    odata: 'products?$search=oak&$filter=stock gt 5&$orderby=price desc&$top=9&$select=id,price',
  },
  {
    promise: 'what is found page by page',
    selection: 'products(search: "oak", take: 5, skip: 5) { id }',
    odata: 'products?$search=oak&$top=5&$skip=5&$select=id',
  },
  {
    promise: 'words in a variable',
    declare: '($words: String)',
    variables: { words: 'oak -table' },
    selection: 'products(search: $words, take: 3) { id }',
    odata: 'products?$search=oak NOT table&$top=3&$select=id',
  },
  {
    promise: 'related rows that are found',
    selection:
      'suppliers(orderBy: [{ id: asc }], take: 5) { id products(search: "oak or steel", take: 3) { id name } }',
    odata:
      'suppliers?$orderby=id&$top=5&$select=id&$expand=products($search=oak OR steel;$top=3;$select=id,name)',
  },
  {
    promise: 'aggregates of what is found',
    selection:
      'suppliers(search: "a* or e* or i* or o* or s*", orderBy: [{ id: asc }], take: 5) { id productsCount(search: "oak") productsAggregate(search: "oak") { count max { price } } }',
  },
];

const functions: Read[] = [
  filter('the length of a text', '{ name: { length: { lt: 30 } } }', 'length(name) lt 30'),
  filter('a text without blanks', '{ sku: { trim: { equals: "__SKU__" } } }', "trim(sku) eq '__SKU__'"),
  filter('the year of a moment', '{ createdAt: { year: { equals: 2025 } } }', 'year(createdAt) eq 2025'),
  filter(
    'month, day and hour of a moment',
    '{ createdAt: { month: { gt: 6 }, day: { lte: 15 }, hour: { lt: 12 } } }',
    'month(createdAt) gt 6 and day(createdAt) le 15 and hour(createdAt) lt 12',
  ),
  filter(
    'the day of a moment',
    '{ createdAt: { date: { lt: "2025-01-01" } } }',
    'date(createdAt) lt 2025-01-01',
  ),
  filter('a number rounded', '{ price: { round: { equals: 20 } } }', 'round(price) eq 20'),
  filter('a number rounded down', '{ weight: { floor: { equals: 2 } } }', 'floor(weight) eq 2'),
  filter(
    'what is not so long, missing texts included',
    '{ NOT: { barcode: { length: { gt: 3 } } } }',
    'not (length(barcode) gt 3)',
  ),
  filter(
    'a field compared with another',
    '{ compare: { of: { field: price }, lt: { field: weight } } }',
    'price lt weight',
  ),
  filter(
    'a product compared with a field',
    '{ compare: { of: { mul: [{ field: cost }, { number: "1.8" }] }, gt: { field: price } } }',
    'cost mul 1.8 gt price',
  ),
  filter(
    'whole numbers divided',
    '{ compare: { of: { div: [{ field: stock }, { number: 7 }] }, equals: { number: 3 } } }',
    'stock div 7 eq 3',
  ),
  filter(
    'what is left of a division',
    '{ compare: { of: { mod: [{ field: id }, { number: 100 }] }, equals: { number: 7 } } }',
    'id mod 100 eq 7',
  ),
  filter(
    'a field compared with one of a related record',
    '{ compare: { of: { length: { field: name } }, gt: { length: { category: { field: slug } } } } }',
    'length(name) gt length(category/slug)',
  ),
  filter(
    'what a text begins with, taken from another field',
    '{ NOT: { compare: { of: { field: name }, contains: { substring: [{ field: sku }, { number: 0 }, { number: 1 }] } } } }',
    'not contains(name,substring(sku,0,1))',
  ),
];

export const reads: readonly Read[] = [
  ...texts,
  ...numbers,
  ...others,
  ...missing,
  ...logic,
  ...relations,
  ...orders,
  ...nesting,
  ...aggregates,
  ...searches,
  ...functions,
  ...everyScalar,
  ...inVariables,
];
