/** What is fuzzed: seeds, and what must hold whatever becomes of them. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createHash } from 'node:crypto';
import { unpackLayer } from 'coracle/image';
import { parseImageConfig, parseManifest } from 'coracle/oci';
import { canonicalName, parseChallenges, parseReference } from 'coracle/registry';
import { archive, file, node, symlink } from '../../lib/test/image/tar/archive.ts';
import type { Random } from './random.ts';

export interface Target {
  readonly name: string;
  readonly seeds: readonly Buffer[];
  /** Throws CoracleError for a bad input; anything else is a finding. */
  readonly run: (input: Buffer, random: Random) => void | Promise<void>;
}

const digest = `sha256:${'a'.repeat(64)}`;
const descriptor = { mediaType: 'application/vnd.oci.image.layer.v1.tar', digest, size: 1 };
const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const texts = (...all: string[]): Buffer[] => all.map((each) => Buffer.from(each));

export const documents: Target = {
  name: 'manifests and configs',
  seeds: [
    json({ schemaVersion: 2, config: descriptor, layers: [descriptor], subject: descriptor }),
    json({
      schemaVersion: 2,
      manifests: [{ ...descriptor, platform: { os: 'linux', architecture: 'arm' } }],
    }),
    json({
      os: 'linux',
      architecture: 'amd64',
      rootfs: { type: 'layers', diff_ids: [digest] },
      config: { Env: ['A=b'] },
    }),
  ],
  run(input) {
    const text = input.toString();
    for (const parse of [parseImageConfig, (source: string) => parseManifest(source, '', 'fuzz')]) {
      attempt(() => parse(text, 'fuzz'));
    }
  },
};

export const references: Target = {
  name: 'references',
  seeds: texts('busybox', 'docker.io/library/busybox:1', `a.b:5000/c/d@${digest}`, '[::1]:80/x'),
  run(input) {
    attempt(() => {
      const reference = parseReference(input.toString());
      const name = canonicalName(reference);
      const again = canonicalName(parseReference(name));
      if (again !== name) throw new Error(`${name} is read as ${again} the second time`);
    });
  },
};

export const challenges: Target = {
  name: 'authentication headers',
  seeds: texts(
    'Bearer realm="https://auth.example/token",service="registry",scope="repository:a/b:pull"',
    'Basic realm="x", Bearer realm="y\\"z"',
  ),
  run: (input) => attempt(() => parseChallenges(input.toString('latin1'))),
};

/** Archives are unpacked for real; beside their root is what must stay as it is. */
export function archives(scratch: string): Target {
  const outside = path.join(scratch, 'outside');
  mkdirSync(outside, { recursive: true });
  writeFileSync(path.join(outside, 'kept'), 'kept');
  return {
    name: 'archives',
    seeds: [
      archive(node('d/'), file('d/a', 'text'), symlink('s', '../outside'), file('s/kept', 'x')),
      archive(
        file('a', 'x', { xattrs: new Map([['user.a', Buffer.from('b')]]) }),
        file('.wh.a', ''),
      ),
      archive(node('l', { type: 'link', linkName: 'a' }), node('p', { type: 'fifo' }), node('d/')),
      archive(node('x'.repeat(150)), file('d/.wh..wh..opq', ''), symlink('up', '../../..')),
    ],
    async run(input, random) {
      const root = path.join(scratch, 'root');
      const blob = path.join(scratch, 'blob');
      const bytes = random.below(4) === 0 ? input : withChecksums(input);
      writeFileSync(blob, bytes);
      const hex = createHash('sha256').update(bytes).digest('hex');
      const form = random.pick(['plain', 'overlay'] as const);
      const limits = { entries: 1000, bytes: 1 << 22 };
      try {
        await unpackLayer(blob, `sha256:${hex}`, root, { form, limits });
      } catch (error) {
        allow(error);
      } finally {
        rmSync(root, { recursive: true, force: true });
      }
      const beside = readdirSync(scratch).toSorted().join();
      const kept = readFileSync(path.join(outside, 'kept'), 'utf8');
      if (beside !== 'blob,outside' || kept !== 'kept' || existsSync('/fuzz-was-here')) {
        throw new Error(`something outside of the root changed: ${beside}, ${kept}`);
      }
    },
  };
}

function attempt(action: () => unknown): void {
  try {
    action();
  } catch (error) {
    allow(error);
  }
}

/** Errors on purpose have a code of their own; the kernel's have its errno. */
function allow(error: unknown): void {
  const { code } = error as { code?: unknown };
  if (typeof code !== 'string' || (code.startsWith('ERR_') && code !== 'ERR_CONFIG_INVALID'))
    throw error;
}

/** Else hardly any damaged archive would come further than its first checksum. */
function withChecksums(input: Buffer): Buffer {
  const bytes = Buffer.from(input);
  for (let at = 0; at + 512 <= bytes.length; at += 512) {
    const block = bytes.subarray(at, at + 512);
    if (!/^[0-7]{6}\0 $/.test(block.toString('latin1', 148, 156))) continue;
    block.fill(' ', 148, 156);
    const sum = block.reduce((total, byte) => total + byte, 0);
    block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  }
  return bytes;
}
