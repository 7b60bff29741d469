/** Devices moved between two private network namespaces; the real host's are not touched. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Scene, Seen, SeenLink } from './private-host.ts';

/** A pair of devices: `a` is to be moved, its peer `b` stays. */
const PAIR = ['link add name a type veth peer name b', 'link set dev b up'];

function play(scene: Scene): Seen {
  const program = path.join(import.meta.dirname, 'private-host.ts');
  const args = ['--net', process.execPath, program, JSON.stringify(scene)];
  const { stdout, stderr } = spawnSync('unshare', args, { encoding: 'utf8', timeout: 120_000 });
  expect(stderr).toBe('');
  return JSON.parse(stdout) as Seen;
}

const named = (links: readonly SeenLink[], name: string): SeenLink | undefined =>
  links.find(({ ifname }) => ifname === name);

/** Addresses that a person set: the kernel adds link-local ones when a device comes up. */
const addresses = (link: SeenLink | undefined): string[] =>
  (link?.addr_info ?? [])
    .filter(({ scope }) => scope !== 'link')
    .map(({ local, prefixlen }) => `${local}/${prefixlen}`);

/** What ip(8) is told when it moves `lo`: some kernels add a sentence to the errno. */
function reasonThatIpHears(): string {
  const args = ['--net', 'ip', 'link', 'set', 'dev', 'lo', 'netns', '1'];
  const { stderr } = spawnSync('unshare', args, { encoding: 'utf8' });
  const sentence = /^Error: (.+)\.$/m.exec(stderr)?.[1];
  if (sentence === undefined) expect(stderr).toBe('RTNETLINK answers: Invalid argument\n');
  return sentence === undefined ? '' : ` (${sentence})`;
}

describe('a device that is moved', () => {
  it.each(['pid', 'descriptor'] as const)(
    'leaves the host and is up in the container, found by %s',
    (by) => {
      const seen = play({ host: PAIR, devices: { a: {} }, by });
      expect(seen).toMatchObject({ names: { a: 'a' }, stayed: true });
      expect(named(seen.host, 'a')).toBeUndefined();
      expect(named(seen.container, 'a')?.flags).toContain('UP');
      expect(named(seen.host, 'b')?.flags).toContain('LOWER_UP');
    },
  );

  it('gets its new name, and keeps hardware address and MTU', () => {
    const host = [...PAIR, 'link set dev a address 02:00:00:00:00:07 mtu 1400 up'];
    const seen = play({ host, devices: { a: { name: 'eth0' } } });
    expect(named(seen.container, 'a')).toBeUndefined();
    expect(named(seen.container, 'eth0')).toMatchObject({
      address: '02:00:00:00:00:07',
      mtu: 1400,
    });
  });

  it('keeps its permanent global addresses, in their order, and no others', () => {
    const host = [
      ...PAIR,
      'link set dev a up',
      'address add 10.1.2.3/24 broadcast 10.1.2.250 dev a label a:x',
      'address add 10.1.2.4/24 dev a',
      'address add 10.9.9.9/32 scope link dev a',
      'address add 2001:db8::1/64 dev a nodad',
      'address add 2001:db8::2/64 dev a valid_lft 1000 preferred_lft 1000',
      'address add fe80::77/64 dev a nodad',
    ];
    const seen = play({ host, devices: { a: { name: 'eth0' } } });
    const link = named(seen.container, 'eth0');
    expect(addresses(link)).toEqual(['10.1.2.3/24', '10.1.2.4/24', '2001:db8::1/64']);
    expect(link?.addr_info[0]).toMatchObject({ broadcast: '10.1.2.250', label: 'eth0' });
    expect(link?.addr_info.map(({ local }) => local)).not.toContain('fe80::77');
  });

  it('gets another number when a device of the container has its own', () => {
    const container = Array.from(
      { length: 4 },
      (_, n) => `link add name c${n} type veth peer name d${n}`,
    );
    const seen = play({ host: PAIR, container, devices: { a: {} } });
    const indexes = seen.container.map(({ ifindex }) => ifindex);
    expect(named(seen.container, 'a')?.flags).toContain('UP');
    expect(new Set(indexes).size).toBe(indexes.length);
  });
});

describe('a template', () => {
  it('becomes the first free name', () => {
    const container = ['link add name eth0 type veth peer name other'];
    const seen = play({ host: PAIR, container, devices: { a: { name: 'eth%d' } } });
    expect(seen.names).toEqual({ a: 'eth1' });
    expect(named(seen.container, 'eth1')?.flags).toContain('UP');
  });
});

describe('several devices', () => {
  it('may take names from each other', () => {
    const seen = play({
      host: [...PAIR, 'address add 10.0.0.1/8 dev a', 'address add 10.0.0.2/8 dev b'],
      devices: { a: { name: 'b' }, b: { name: 'a' } },
    });
    expect(seen.names).toEqual({ a: 'b', b: 'a' });
    expect(addresses(named(seen.container, 'a'))).toEqual(['10.0.0.2/8']);
    expect(addresses(named(seen.container, 'b'))).toEqual(['10.0.0.1/8']);
  });
});

describe('a device that cannot be moved', () => {
  const host = [...PAIR, 'link set dev a up', 'address add 2001:db8::1/64 dev a nodad'];

  it('stays as it was when its name is taken', () => {
    const container = ['link add name eth0 type veth peer name other'];
    const seen = play({ host, container, devices: { a: { name: 'eth0' } } });
    expect(seen.error).toBe(
      'NETDEVICE_EXISTS network device a: the container already has a device eth0; ' +
        'give it another name, or end the name in %d',
    );
    expect(named(seen.host, 'a')?.flags).toContain('UP');
    expect(addresses(named(seen.host, 'a'))).toEqual(['2001:db8::1/64']);
  });

  it('is told when the host does not have it', () => {
    expect(play({ host, devices: { nosuch: {} } }).error).toMatch(
      /^NETDEVICE_MISSING network device nosuch: the host has no such device; /,
    );
  });

  it('is told with the kernel’s reason when it belongs to its namespace', () => {
    const { error = '' } = play({ host, devices: { lo: { name: 'lo1' } } });
    const reason = reasonThatIpHears();
    expect(error.slice(0, error.indexOf(' (EINVAL)'))).toBe(
      `NETDEVICE_MOVE network device lo: it cannot be moved: move lo${reason}: invalid argument`,
    );
  });

  it('is told when the container has no network namespace of its own', () => {
    const seen = play({ host, devices: { a: {} }, by: 'own namespace' });
    expect(seen.error).toMatch(/^NETDEVICE_NAMESPACE network device a: the container shares /);
    expect(named(seen.host, 'a')?.flags).toContain('UP');
  });
});
