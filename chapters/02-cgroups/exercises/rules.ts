/** Device rules as text, `allow c 1:3 rw`, in place of their longer form; `deny a` is a reset. */
import type { DeviceRule, DeviceStep } from 'coracle/cgroups';

const BITS = { m: 1, r: 2, w: 4 } as const;
const LETTERS = ['r', 'w', 'm'] as const;

/** Each with a `source` that tells its place in the list: `/devices/0`. */
export function stepsOf(...texts: readonly string[]): DeviceStep[] {
  return texts.map((text, at) => {
    const source = `/devices/${at}`;
    return /^\w+ a$/.test(text) ? { reset: text === 'allow a', source } : ruleOf(text, source);
  });
}

export function ruleOf(text: string, source: string = '/devices/0'): DeviceRule {
  const [verdict, type, numbers = '', letters = ''] = text.split(' ');
  const [major, minor] = numbers
    .split(':')
    .map((part) => (part === '*' ? undefined : Number(part)));
  const access = LETTERS.filter((letter) => letters.includes(letter)).reduce(
    (bits, letter) => bits | BITS[letter],
    0,
  );
  return {
    allow: verdict === 'allow',
    type: type === 'b' ? 'b' : 'c',
    major,
    minor,
    access,
    source,
  };
}

/** The reverse of {@link ruleOf}. */
export function textOf({ allow, type, major, minor, access }: DeviceRule): string {
  const letters = LETTERS.filter((letter) => access & BITS[letter]).join('');
  return `${allow ? 'allow' : 'deny'} ${type} ${major ?? '*'}:${minor ?? '*'} ${letters}`;
}

/** As it is written in reports. */
export function shownSteps(texts: readonly string[]): string {
  return `[${texts.join(', ')}]`;
}
