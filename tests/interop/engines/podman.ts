/**
 * podman, which has no daemon: each command starts conmon, and conmon runs the runtime under
 * test. Its storage, locks and run-time files are all in the test's folder.
 *
 * Some settings are the machine's: `default_ulimits` is empty because podman asks for higher
 * limits than a caller without CAP_SYS_RESOURCE may set, and the network is `none` unless a
 * test says otherwise (podman's bridge would be made in the machine's own namespace),
 * and `--init` uses docker's init, which is static.
 * podman asks a runtime for errors in JSON only if it is told that this runtime knows JSON.
 * `static_dir` must stay unset: conmon's clean-up command would look for its database elsewhere.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { cgroupDriver, type CgroupParent } from './cgroup-parent.ts';
import { output } from './command.ts';
import { DockerLike } from './docker-like.ts';
import { findProgram, runtimePath } from './runtime-under-test.ts';

export class Podman extends DockerLike {
  readonly folder: string;

  constructor(folder: string, cgroupParent: CgroupParent) {
    super({
      argv: ['podman', '--runtime', runtimePath],
      env: writeConfiguration(folder),
      cwd: folder,
      runFlags: ['--cgroup-parent', cgroupParent.name],
      // Unlike docker, podman asks nicely and waits ten seconds, and minds who depends on whom.
      removeFlags: ['--time', '0', '--depend', '--ignore'],
    });
    this.folder = folder;
  }

  /**
   * Names of the containers whose state the runtime keeps in its own default folder, since
   * podman has no setting for it that reaches its clean-up command too.
   */
  async states(): Promise<string[]> {
    return (await output([runtimePath, 'list', '--quiet'])).split('\n').filter(Boolean);
  }
}

function writeConfiguration(folder: string): NodeJS.ProcessEnv {
  mkdirSync(folder, { recursive: true });
  const engine = join(folder, 'containers.conf');
  const storage = join(folder, 'storage.conf');
  writeFileSync(
    engine,
    `[containers]
default_ulimits = []
netns = "none"
[engine]
init_path = "${findProgram('docker-init') ?? ''}"
cgroup_manager = "${cgroupDriver}"
runtime_supports_json = ["${basename(runtimePath)}"]
events_logger = "file"
lock_type = "file"
tmp_dir = "${join(folder, 'tmp')}"
volume_path = "${join(folder, 'volumes')}"
[network]
network_config_dir = "${join(folder, 'networks')}"
`,
  );
  writeFileSync(
    storage,
    `[storage]
driver = "overlay"
graphroot = "${join(folder, 'storage')}"
runroot = "${join(folder, 'run')}"
`,
  );
  return { ...process.env, CONTAINERS_CONF: engine, CONTAINERS_STORAGE_CONF: storage };
}
