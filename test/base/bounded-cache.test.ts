import { describe, expect, it } from 'vitest';
import { BoundedCache } from '../../src/base/bounded-cache.ts';

describe('a bounded cache', () => {
  it('keeps what was used last', () => {
    const cache = new BoundedCache<number>(2);
    cache.set('a', 1);
    cache.set('b', 2);
    cache.get('a');
    cache.set('c', 3);
    expect([cache.get('a'), cache.get('b'), cache.get('c')]).toEqual([1, undefined, 3]);
  });

  it('stays within its size, replaced entries counted once', () => {
    const cache = new BoundedCache<number>(100, 160);
    for (let i = 0; i < 50; i++) cache.set('same', i, 10);
    for (let i = 0; i < 50; i++) cache.set(`key ${i}`, i, 10);
    expect(cache.count).toBe(16);
    expect(cache.get('key 49')).toBe(49);
  });

  it('does not let one large entry push out the others', () => {
    const cache = new BoundedCache<number>(100, 160);
    cache.set('small', 1, 1);
    cache.set('large', 2, 11);
    expect([cache.get('small'), cache.get('large')]).toEqual([1, undefined]);
  });
});
