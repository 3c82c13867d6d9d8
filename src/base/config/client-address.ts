// The client's address: X-Forwarded-For is trusted only from configured proxies.

import { BlockList, isIP } from 'node:net';

/** @param header `X-Forwarded-For`: the client first, each proxy adds whom it heard from @returns the client's address */
export type ClientAddress = (socketAddress: string, header: string | undefined) => string;

/** Ignores X-Forwarded-For: the peer of the connection is the client. */
export const directAddress: ClientAddress = socketAddress => plain(socketAddress);

/**
 * @param proxies addresses and ranges (`10.0.0.0/8`) that configuration has checked
 * @param onUnknown called once for each other address that sends `X-Forwarded-For`
 */
export function clientAddressBehind(
  proxies: readonly string[],
  onUnknown: (address: string) => void = () => {},
): ClientAddress {
  const trusted = new BlockList();
  const unknown = new Set<string>();
  for (const proxy of proxies) {
    const [address, bits] = proxy.split('/') as [string, string?];
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    trusted.addSubnet(address, bits === undefined ? (family === 'ipv6' ? 128 : 32) : Number(bits), family);
  }
  const isTrusted = (address: string) =>
    isIP(address) !== 0 && trusted.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
  function note(address: string): void {
    if (unknown.has(address) || unknown.size >= unknownMax) return;
    unknown.add(address);
    onUnknown(address);
  }
  return (socketAddress, header) => {
    let address = plain(socketAddress);
    if (header !== undefined && !isTrusted(address)) note(address);
    const heard = header === undefined ? [] : header.split(',').slice(-hopsMax);
    while (heard.length > 0 && isTrusted(address)) {
      const next = plain(heard.pop()!.trim());
      if (isIP(next) === 0) break;
      address = next;
    }
    return address;
  };
}

const hopsMax = 20;
/** Anyone can send the header. */
const unknownMax = 10;

/** IPv4 over an IPv6 socket is IPv4. */
const plain = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '');

/** @returns whether text is an address or a range of addresses */
export function isAddressRange(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 6 ? 128 : 32));
}
