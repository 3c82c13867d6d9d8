// What nobody sends by mistake, with the statuses that may answer it.

const times = (count: number, piece: (index: number) => string, separator = ','): string =>
  Array.from({ length: count }, (_, index) => piece(index)).join(separator);
const nested = (depth: number, open: string, inner: string, close: string): string =>
  open.repeat(depth) + inner + close.repeat(depth);

const doubled = times(40, i => `${i ? `c${i - 1}` : 'stock'} add ${i ? `c${i - 1}` : 'stock'} as c${i}`);
const chained = times(500, i => `${nested(90, '-(', i ? `c${i - 1}` : 'stock', ')')} as c${i}`);
const aliases = times(25, i => `@a${i}=@a${i + 1} add @a${i + 1}`, '&');

export const hostileQueries: readonly (readonly [
  what: string,
  query: string,
  status: number | readonly number[],
])[] = [
  ['parentheses', `$filter=${'('.repeat(7_000)}`, 400],
  ['closing parentheses', `$filter=${')'.repeat(7_000)}`, 400],
  ['operators', `$filter=a${' add a'.repeat(2_500)}`, 400],
  ['not', `$filter=${'not '.repeat(3_500)}active`, 400],
  ['terms', `$filter=${times(800, i => `id eq ${i}`, ' or ')}`, 200],
  ['terms beyond measure', `$filter=${times(6_000, () => 'active', ' or ')}`, [400, 414]],
  ['an unclosed quote', `$filter=name eq '${"''".repeat(3_000)}`, 400],
  ['an unclosed double quote', `$filter=name eq "${'\\\\'.repeat(3_000)}`, 400],
  ['branches in branches', `$filter=${nested(60, 'case(true:', '1', ',true:2)')} eq 1`, [200, 400]],
  [
    'casts in casts',
    `$filter=${nested(45, 'cast(cast(', 'name', ',Edm.Int32),Edm.String)')} eq 'x'`,
    [200, 400],
  ],
  [
    'substrings in substrings',
    `$filter=${nested(45, 'substring(name,length(', 'name', '))')} eq 'x'`,
    [200, 400],
  ],
  ['ends in ends', `$filter=${nested(45, 'endswith(name,cast(', 'true', ',Edm.String))')}`, [200, 400]],
  ['members of lists with null', `$filter=${nested(80, '(', 'active', ' in (true,null))')}`, 200],
  ['roundings', `$filter=${nested(90, 'round(', 'weight', ')')} eq 1`, 200],
  [
    'enums as text',
    `$filter=${nested(45, 'cast(case(contains(', 'name', ",'a'):active,true:false),Edm.String)")} eq 'x'`,
    [200, 400],
  ],
  ['lambdas in lambdas', `$filter=${nested(30, 'tags/any(t:tags/any(u:', 'false', '))')}`, 400],
  [
    'counts in counts',
    `$filter=orderItems/$count($filter=${nested(20, 'product/orderItems/$count($filter=', 'true', ') gt 1')}) gt 1`,
    400,
  ],
  ['look-ups in keys', '$filter=$root/products($root/products(1)/id)/id eq 1', 400],
  ['look-ups in a row', `$filter=${times(200, i => `$root/products(${i})/stock`, ' add ')} gt 1`, 200],
  ['names that double', `$compute=${doubled}&$filter=c39 gt 1`, 400],
  ['names upon names', `$compute=${chained.slice(0, 12_000).replace(/,[^,]*$/, '')}&$select=c60`, 400],
  ['aliases that double', `$filter=@a0 gt 1&${aliases}&@a25=1`, 400],
  ['aliases in a circle', '$filter=@a&@a=@b/x&@b=@a/y', 400],
  ['an alias of itself in a path', '$filter=@a/name eq 1&@a=@a/b', 400],
  ['expanded names in a circle', '$expand=category(@a=@b;@b=@a;$expand=products($filter=@a eq 1))', 400],
  ['stars', `$expand=${nested(80, '*($expand=', '*', ')')}`, 400],
  ['levels', '$expand=*($levels=10)', 400],
  ['selected names', `$select=${times(3_000, i => `a${i}`)}`, 400],
  ['sort keys', `$orderby=${times(1_500, i => `stock add ${i}`)}`, 400],
  ['computed names', `$compute=${times(1_000, i => `1 as a${i}`)}`, [200, 400]],
  ['list items', `$filter=id in (${times(3_500, i => String(i))})`, [200, 400]],
  ['a long path', `$filter=${'category/'.repeat(1_500)}id eq 1`, 400],
  ['parents', `$filter=category/${'parent/'.repeat(60)}id eq 1`, [200, 400]],
  ['objects in objects', `$filter=attributes eq ${nested(40, '{"a":', '1', '}')}`, 200],
  ['arrays in arrays', `$filter=attributes eq ${nested(4_000, '[', '', ']')}`, 400],
  ['digits', `$filter=price gt ${'9'.repeat(6_000)}`, 400],
  ['digits of a duration', `$filter=now() sub createdAt gt duration'P${'9'.repeat(5_000)}D'`, 400],
  ['a big exponent', '$filter=weight gt 1e999999999', [200, 400]],
  ['stars in a pattern', "$filter=matchespattern(name,'(((a*)*)*)*b$')", 200],
  [
    'alternatives in a pattern',
    "$filter=matchespattern(name,'^(a|a|ab|.)*(e|e)*$') or matchespattern(name,'(.*a){20}x')",
    200,
  ],
  ['a subsequence as long as may be', `$filter=hassubsequence(tags,[${times(100, () => "'winter'")}])`, 200],
  ['a pattern as big as may be', `$filter=matchespattern(name,'(${'a?'.repeat(40)}){3}b')`, 200],
  ['a pattern of many stars', `$filter=matchespattern(name,'${'.*a'.repeat(60)}')`, 200],
  ['groups in a pattern', `$filter=matchespattern(name,'${nested(60, '(', 'a', ')')}')`, 400],
  ['NUL', '$filter=name eq %27a%00b%27 or contains(name,%27%00%27)', 200],
  ['NUL in a name', '$filter=na%00me eq 1', 400],
  ['NUL computed', "$compute=concat(name,'%00') as c", 400],
  ['half a surrogate pair', '$filter=name eq %27%ED%A0%80%27', 400],
  ['half a surrogate pair by its escape', '$filter=name eq "\\ud800"', 200],
  ['overlong UTF-8', '$filter=name eq %27%C0%AF%27', 400],
  ['half an escape', '$filter=name eq %2', 400],
  ['an escaped escape', '$filter=name eq %2527x%2527', 400],
  ['escaped delimiters', '$filter=name eq %27a%26$top=1%23%3F%27', 200],
  ['an option in an option', "$filter=name eq 'a&$top=-1&$x=b'", 200],
  ['marks that turn the direction', '$filter=name eq %27%E2%80%AE%27', 200],
  ['semicolons', `$expand=category(${';'.repeat(1_000)})`, 400],
  ['options without end', `$expand=category(${times(2_000, () => '$top=1', ';')})`, 400],
  ['prototypes', '$compute=1 as __proto__,2 as constructor&$select=__proto__,constructor', 200],
  ['prototypes as functions', '$filter=constructor(name) eq 1 or toString() eq 1', 400],
  ['prototypes as types', '$filter=cast(name,Edm.constructor) eq 1', 400],
  ['prototypes as options', '$expand=category(constructor=1)', 400],
];
