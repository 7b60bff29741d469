/** One of the equal parts into which a suite is divided, so that several machines can share it. */
export interface Shard {
  /** From 1 on. */
  readonly index: number;
  readonly count: number;
}

/** `2/3` is the second of three. Errors: anything else, with what was meant. */
export function parseShard(text: string): Shard {
  const [, index = 0, count = 0] = /^(\d+)\/(\d+)$/.exec(text)?.map(Number) ?? [];
  if (index >= 1 && index <= count) return { index, count };
  throw new Error(`--shard ${text}: it is a part and how many there are, such as 1/2`);
}

/** Every `count`th item: neighbours are alike, so the parts take about the same time. */
export function itemsOf<Item>(items: readonly Item[], { index, count }: Shard): Item[] {
  return items.filter((_, place) => place % count === index - 1);
}
