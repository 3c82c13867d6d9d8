import { describe, expect, test } from 'vitest';
import { BoundedCache } from '../../src/base/memory/bounded-cache.ts';

describe('a bounded cache', () => {
  test('keeps what was used last', () => {
    const cache = new BoundedCache<number>(2);
    cache.set('a', 1);
    cache.set('b', 2);
    cache.get('a');
    cache.set('c', 3);
    expect([cache.get('a'), cache.get('b'), cache.get('c')]).toEqual([1, undefined, 3]);
  });

  test('stays within its size, replaced entries counted once', () => {
    const cache = new BoundedCache<number>(100, 160);
    for (let i = 0; i < 50; i++) cache.set('same', i, 10);
    for (let i = 0; i < 50; i++) cache.set(`key ${i}`, i, 10);
    expect(cache.count).toBe(16);
    expect(cache.get('key 49')).toBe(49);
  });

  test('does not let one large entry push out the others', () => {
    const cache = new BoundedCache<number>(100, 160);
    cache.set('small', 1, 1);
    cache.set('large', 2, 11);
    expect([cache.get('small'), cache.get('large')]).toEqual([1, undefined]);
  });

  test('can keep only what comes again', () => {
    const cache = new BoundedCache<number>(100);
    cache.setRepeated('a', 1);
    expect(cache.get('a')).toBe(undefined);
    cache.setRepeated('a', 2);
    expect(cache.get('a')).toBe(2);
    const made = [3, 4, 5].map(value => cache.getOrMakeRepeated('b', () => value));
    expect(made).toEqual([3, 4, 4]);
    for (let i = 0; i < 1000; i++) cache.setRepeated(`once ${i}`, i);
    expect(cache.count).toBe(2);
  });

  test('lets go of what was in use once and is no more', () => {
    const cache = new BoundedCache<number>(3);
    for (const key of ['a', 'b', 'c']) cache.set(key, 1);
    for (const key of ['a', 'b', 'c']) cache.get(key);
    for (let i = 0; i < 6; i++) cache.set(`new ${i}`, i);
    expect(cache.count).toBe(3);
    expect(cache.get('new 5')).toBe(5);
    expect([cache.get('a'), cache.get('b'), cache.get('c')]).toEqual([undefined, undefined, undefined]);
  });
});
