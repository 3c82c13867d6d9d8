// Which addresses the server may connect to on behalf of a caller. Addresses of private networks, of this machine and of cloud
// metadata services are refused, so that a URL in a request cannot reach what only the server can reach (SSRF).

// A CommonJS module, whose members are not found as named exports.
import ipaddr, { type IPv4, type IPv6 } from 'ipaddr.js';

export type IsAllowedAddress = (address: string) => boolean;

/** @param exceptions addresses and ranges that may be reached although they are not public: `10.0.0.0/8`, `::1` */
export function allowPublicAnd(exceptions: readonly string[]): IsAllowedAddress {
  const ranges = exceptions.map(toRange);
  return text => {
    if (!isValid(text)) return false;
    const address = inner(parse(text));
    return isPublic(address) || ranges.some(([base, bits]) => isWithin(address, base, bits));
  };
}

type Address = IPv4 | IPv6;

const { isValid, parse, parseCIDR } = ipaddr;

function toRange(text: string): [Address, number] {
  if (text.includes('/')) return parseCIDR(text);
  const address = parse(text);
  return [address, address.kind() === 'ipv6' ? 128 : 32];
}

const isWithin = (address: Address, base: Address, bits: number): boolean =>
  address.kind() === base.kind() && address.match(base as never, bits);

/** `unicast` is what no registry of special addresses contains: RFC 6890, section 2.2. */
const isPublic = (address: Address): boolean => address.range() === 'unicast';

/** An IPv4 address in an IPv6 one (RFC 4291, section 2.5.5.2; RFC 6052) is reached as IPv4. */
function inner(address: Address): Address {
  if (address.kind() === 'ipv4') return address;
  const wide = address as IPv6;
  if (wide.isIPv4MappedAddress()) return wide.toIPv4Address();
  if (wide.range() !== 'rfc6052') return wide;
  const [high = 0, low = 0] = wide.parts.slice(6);
  return parse([high >> 8, high & 255, low >> 8, low & 255].join('.'));
}
