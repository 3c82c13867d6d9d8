import { describe, expect, test } from 'vitest';
import { allowPublicAnd } from '../../src/outbound/address-guard.ts';

const isPublic = allowPublicAnd([]);

test.each([
  '127.0.0.1',
  '127.255.255.254',
  '0.0.0.0',
  '10.1.2.3',
  '172.16.0.1',
  '192.168.1.1',
  '169.254.169.254',
  '100.64.0.1',
  '192.0.0.1',
  '192.0.2.1',
  '198.18.0.1',
  '224.0.0.1',
  '240.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  'fe80::1',
  'fe80::1%eth0',
  'fc00::1',
  'fd12:3456::1',
  'ff02::1',
  '::ffff:127.0.0.1',
  '::ffff:10.0.0.1',
  '64:ff9b::7f00:1',
  '64:ff9b::a9fe:a9fe',
  '2002:7f00:1::',
  '2001:db8::1',
  '::127.0.0.1',
  'localhost',
  '',
])('refuses %s', address => {
  expect(isPublic(address)).toBe(false);
});

test.each(['1.1.1.1', '93.184.216.34', '2606:4700::1111', '::ffff:1.1.1.1', '64:ff9b::101:101'])(
  'allows %s',
  address => {
    expect(isPublic(address)).toBe(true);
  },
);

describe('exceptions', () => {
  const isAllowed = allowPublicAnd(['10.1.0.0/16', '127.0.0.1', 'fd00::/8']);

  test.each(['10.1.2.3', '127.0.0.1', '::ffff:127.0.0.1', 'fd12::1', '1.1.1.1'])('allow %s', address => {
    expect(isAllowed(address)).toBe(true);
  });

  test.each(['10.2.0.1', '127.0.0.2', 'fe80::1', '::1'])('do not allow %s', address => {
    expect(isAllowed(address)).toBe(false);
  });
});
