// How long it takes to read a URL's options, in time of the processor, which a busy machine does not lengthen:
// `node test/bench/odata-parse.ts`. Budget: 0.1 ms for three terms, 10 ms for a thousand.

import project from '../../portolan.config.ts';
import { parseOptions } from '../../src/odata/parse/options.ts';
import { toExpr } from '../../src/odata/translate/to-expr.ts';
import { Budget } from '../../src/odata/url/syntax.ts';
import { parseUrl } from '../../src/odata/url/url.ts';
import { catalogOf } from '../../src/project.ts';

const catalog = catalogOf(project);

/** From the raw query to the waist's expression. */
function read(query: string): void {
  const options = parseOptions(parseUrl('/products', query));
  const translation = { catalog, budget: new Budget(), alias: options.alias };
  if (options.filter) toExpr(translation, options.filter);
  for (const { of } of options.compute ?? []) toExpr(translation, of);
}

/** What is refused takes its time, too. */
function attempt(query: string): void {
  try {
    read(query);
  } catch {}
}

const queries: Readonly<Record<string, string>> = {
  'three terms': "$filter=stock%20gt%200%20and%20contains(tolower(name),'x')%20and%20price%20lt%2010.5",
  'a thousand terms': `$filter=${Array.from({ length: 1_000 }, (_, i) => `id+eq+${i}`).join('+or+')}`,
  'in, a thousand values': `$filter=id+in+(${Array.from({ length: 1_000 }, (_, i) => i).join(',')})`,
  'a nested lambda': '$filter=orderItems/any(i:i/quantity gt 3 and i/order/items/all(j:j/price lt i/price))',
  'case and cast':
    "$filter=case(stock gt 100:'many',stock gt 10:'some',true:'few') eq cast(price mul 2 sub 1,Edm.String)",
  compute:
    "$compute=price mul stock as worth,createdAt add duration'P1D' as later&$expand=category($compute=length(name) as l)",
  '30 KB of operators': `$filter=a${' add a'.repeat(6_000)}`,
  '30 KB of parentheses': `$filter=${'('.repeat(30_000)}`,
  '30 KB of quotes': `$filter=a eq '${"''".repeat(15_000)}`,
  '30 KB of escapes': `$filter=${'%27%28%2C'.repeat(3_400)}`,
};

for (const [name, query] of Object.entries(queries)) {
  const cold = time(() => attempt(query));
  const rounds = Math.ceil(200_000 / query.length);
  for (let i = 0; i < rounds; i++) attempt(query);
  const warm = time(() => {
    for (let i = 0; i < rounds; i++) attempt(query);
  });
  console.log(`${name.padEnd(24)} first ${cold.toFixed(3)} ms, then ${(warm / rounds).toFixed(4)} ms`);
}

function time(work: () => void): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1_000;
}
