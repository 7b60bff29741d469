/**
 * A user's bundle of busybox, and the runtime's commands on it.
 *
 * Life cycle: `open` → `configure` and `sh`, again and again → `close`, which ends what is left of the
 * containers and names it.
 */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultSpec, stringifyExactJson, type RuntimeConfig } from 'coracle/oci';
import { output, type Outcome } from '../../interop/engines/command.ts';
import { makeRootfs } from '../../interop/engines/image.ts';
import { runtimePath } from '../../interop/engines/runtime-under-test.ts';
import { asUser, type LoginOptions, type User } from './login.ts';

export class UserBundle {
  readonly user: User;
  readonly folder: string;
  readonly rootfs: string;

  private constructor(user: User, folder: string) {
    this.user = user;
    this.folder = folder;
    this.rootfs = join(folder, 'rootfs');
  }

  static async open(user: User): Promise<UserBundle> {
    const folder = mkdtempSync(join(tmpdir(), 'coracle-rootless-'));
    const bundle = new UserBundle(user, folder);
    await makeRootfs(bundle.rootfs);
    await output(['chown', '-hR', `${user.uid}:${user.gid}`, folder]);
    chmodSync(folder, 0o755);
    return bundle;
  }

  /** The config of `spec --rootless` with a script for the process, and what `change` does to it. */
  configure(script: string, change: (config: RuntimeConfig) => void = () => {}): void {
    const { uid, gid } = this.user;
    const config = defaultSpec({ rootless: { uid, gid }, cgroup2: true });
    config.root.readonly = false;
    Object.assign(config.process ?? {}, { terminal: false, args: ['sh', '-c', script] });
    change(config);
    writeFileSync(join(this.folder, 'config.json'), stringifyExactJson(config));
  }

  /** Runs a script as the user, in the bundle; `$R` is the runtime. */
  sh(script: string, options: LoginOptions = {}): Promise<Outcome> {
    const variables = { R: runtimePath, ...options.variables };
    return asUser(this.user, `cd ${this.folder}; ${script}`, { ...options, variables });
  }

  /** Like {@link sh}, which must succeed; gives what was printed. */
  async ok(script: string, options: LoginOptions = {}): Promise<string> {
    const { code, stdout, stderr } = await this.sh(`set -e; ${script}`, options);
    if (code !== 0) throw new Error(`exit code ${code} of: ${script}\n${stdout}\n${stderr}`);
    return stdout.trim();
  }

  /** Names of containers that were left behind, each of which is deleted. */
  async close(): Promise<string[]> {
    const { stdout } = await this.sh(
      'for id in $($R list --quiet); do echo $id; $R delete --force $id; done',
    );
    rmSync(this.folder, { recursive: true, force: true });
    return stdout.split('\n').filter(Boolean);
  }
}

/** The user is root inside, and its subordinate ids are 1 and up. */
export function mapSubordinates(config: RuntimeConfig, { uid, gid, subordinate }: User): void {
  const map = (own: number) => [
    { containerID: 0, hostID: own, size: 1 },
    { containerID: 1, hostID: subordinate.first, size: subordinate.count },
  ];
  Object.assign(config.linux ?? {}, { uidMappings: map(uid), gidMappings: map(gid) });
}
