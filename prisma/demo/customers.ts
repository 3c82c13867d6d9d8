import { type Country, countries } from './people.ts';
import type { Random } from './random.ts';
import type { CustomerRow } from './rows.ts';
import { dayMs, plainLetters, timestamp, today } from './values.ts';

const customerCount = 800;
const oldestDays = 2200;
/** Reserved for examples: no e-mail can reach anyone (RFC 2606, section 3). */
const mailDomains = ['example.com', 'example.com', 'example.org', 'example.net'];

/** @returns the customers in the order in which they came, so that a later id never has an earlier date */
export function createCustomers(random: Random): CustomerRow[] {
  const weighted = countries.flatMap(country => Array<Country>(country.share).fill(country));
  const arrivals = Array.from(
    { length: customerCount },
    () => today - Math.floor(random.next() * oldestDays * dayMs),
  );
  const emails = new Set<string>();
  return arrivals
    .sort((a, b) => a - b)
    .map((arrival, at) =>
      createCustomer(random, { id: at + 1, arrival, country: random.pick(weighted), emails }),
    );
}

function createCustomer(
  random: Random,
  {
    id,
    arrival,
    country,
    emails,
  }: {
    readonly id: number;
    readonly arrival: number;
    readonly country: Country;
    readonly emails: Set<string>;
  },
): CustomerRow {
  const [first, firstLatin] = spelling(random.pick(country.first));
  const [last, lastLatin] = spelling(random.pick(country.last));
  return {
    id,
    number: `C-${String(20_000 + id)}`,
    name: country.familyFirst ? last + first : `${first} ${last}`,
    email: uniqueEmail(`${firstLatin}.${lastLatin}`, random.pick(mailDomains), emails),
    phone: random.chance(0.15) ? null : country.phone.replaceAll('#', () => String(random.whole(0, 9))),
    city: random.chance(0.08) ? null : random.pick(country.cities),
    country: country.code,
    createdAt: timestamp(arrival),
  };
}

/** @param written `佐藤=sato`, or a name in Latin letters @returns the name, and the same in plain Latin letters */
function spelling(written: string): readonly [string, string] {
  const [name = written, latin = name] = written.split('=');
  return [
    name,
    plainLetters(latin)
      .replaceAll('ı', 'i')
      .replaceAll(/[^A-Za-z-]/g, '')
      .toLowerCase(),
  ];
}

function uniqueEmail(local: string, domain: string, taken: Set<string>): string {
  let email = `${local}@${domain}`;
  for (let count = 2; taken.has(email); count++) email = `${local}${count}@${domain}`;
  taken.add(email);
  return email;
}
