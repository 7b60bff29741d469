/** Debian's docker-registry (CNCF distribution), started by hand, with its content in a folder. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from './until.ts';

/** How it is guarded. */
export interface Guard {
  /** A line of htpasswd(1), by bcrypt. */
  readonly htpasswd?: string;
  /** Who signs tokens, and the file of its certificate. */
  readonly tokens?: {
    readonly realm: string;
    readonly service: string;
    readonly issuer: string;
    readonly certificate: string;
  };
  /** Files: its certificate, which must also have signed that of a client, and the key of it. */
  readonly tls?: { readonly cert: string; readonly key: string };
}

export class DockerRegistry {
  /** `127.0.0.1:PORT`. */
  readonly host: string;
  readonly #child: ChildProcess;

  private constructor(host: string, child: ChildProcess) {
    this.host = host;
    this.#child = child;
  }

  static async start(folder: string, guard: Guard): Promise<DockerRegistry> {
    mkdirSync(folder, { recursive: true });
    const log = join(folder, 'log');
    writeFileSync(join(folder, 'config.yml'), configuration(folder, guard));
    if (guard.htpasswd !== undefined) writeFileSync(join(folder, 'htpasswd'), guard.htpasswd);
    const argv = ['serve', join(folder, 'config.yml')];
    const child = spawn('docker-registry', argv, { stdio: ['ignore', 'pipe', 'pipe'] });
    const file = createWriteStream(log);
    child.stdout.pipe(file, { end: false });
    child.stderr.pipe(file, { end: false });
    const host = await until('docker-registry to listen', () => {
      if (child.exitCode !== null) throw new Error(readFileSync(log, 'utf8'));
      return /listening on (127\.0\.0\.1:\d+)/.exec(readFileSync(log, 'utf8'))?.[1];
    });
    return new DockerRegistry(host, child);
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
  }
}

function configuration(folder: string, guard: Guard): string {
  const { tls } = guard;
  const encrypted =
    tls === undefined
      ? ''
      : `  tls:\n    certificate: ${tls.cert}\n    key: ${tls.key}\n    clientcas: [${tls.cert}]\n`;
  return (
    'version: 0.1\n' +
    `storage:\n  filesystem:\n    rootdirectory: ${join(folder, 'data')}\n  delete:\n    enabled: true\n` +
    `http:\n  addr: 127.0.0.1:0\n  secret: test\n${encrypted}${authentication(folder, guard)}`
  );
}

function authentication(folder: string, { htpasswd, tokens }: Guard): string {
  if (htpasswd !== undefined) {
    return `auth:\n  htpasswd:\n    realm: a "test"\n    path: ${join(folder, 'htpasswd')}\n`;
  }
  if (tokens === undefined) return '';
  const { realm, service, issuer, certificate } = tokens;
  return `auth:\n  token:\n    realm: ${realm}\n    service: ${service}\n    issuer: ${issuer}\n    rootcertbundle: ${certificate}\n`;
}
