import { expect, it } from 'vitest';
import { itemsOf, parseShard } from './shard.ts';

it('the shards of a list hold each of its items once', () => {
  const items = ['a', 'b', 'c', 'd', 'e'];
  const shards = ['1/2', '2/2'].map((text) => itemsOf(items, parseShard(text)));
  expect(shards).toEqual([
    ['a', 'c', 'e'],
    ['b', 'd'],
  ]);
  expect(itemsOf(items, parseShard('1/1'))).toEqual(items);
});

it.each(['0/2', '3/2', '1', '1/', '/2', 'a/b', '-1/2', '1/2/3', ''])('%j is no shard', (text) => {
  expect(() => parseShard(text)).toThrow(`--shard ${text}: it is a part and how many there are`);
});
