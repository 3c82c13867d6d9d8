import { expect, test } from 'vitest';
import { readExpiry } from '../../src/cli/terminal/expiry.ts';

const now = Date.parse('2026-11-24T12:00:00Z');

test.each([
  ['12h', '2026-11-25T00:00:00.000Z'],
  ['90d', '2027-02-22T12:00:00.000Z'],
  ['4w', '2026-12-22T12:00:00.000Z'],
  ['2027-01-01', '2027-01-01T00:00:00.000Z'],
  ['2027-01-01T12:30+02:00', '2027-01-01T10:30:00.000Z'],
  ['2027-01-01T12:30:15Z', '2027-01-01T12:30:15.000Z'],
])('%s is %s', (text, time) => expect(readExpiry(text, now).toISOString()).toBe(time));

test.each([
  '',
  '90',
  'd',
  '-1d',
  '1.5d',
  '999999d',
  '90 d',
  '01.01.2027',
  '2027-02-30',
  '2027-01-01T12:30',
  '2027-13-01',
])('rejects "%s"', text => expect(() => readExpiry(text, now)).toThrow('is not a valid value'));

test.each(['0d', '2026-11-24', '2020-01-01'])('%s is not in the future', text =>
  expect(() => readExpiry(text, now)).toThrow('is not in the future'),
);
