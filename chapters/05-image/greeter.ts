/** The files of the image that the chapter makes: three states of one tree. */
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';

/** A static one, if this machine has it: without it the image cannot be run. */
export const BUSYBOX = ['/bin/busybox', '/usr/bin/busybox'].find((file) => existsSync(file));
const APPLETS = ['sh', 'id'];

/** Each makes the next state out of the one before. */
export const STEPS: readonly (readonly [name: string, act: (root: string) => void])[] = [
  ['base', makeBase],
  ['app', addApp],
  ['tidy', tidy],
];

function makeBase(root: string): void {
  for (const directory of ['bin', 'dev', 'etc', 'proc', 'sys'])
    mkdirSync(path.join(root, directory));
  if (BUSYBOX !== undefined) copyFileSync(BUSYBOX, path.join(root, 'bin/busybox'));
  for (const applet of APPLETS) symlinkSync('busybox', path.join(root, 'bin', applet));
  write(root, 'etc/passwd', 'root:x:0:0::/:/bin/sh\nann:x:1000:100::/:/bin/sh\n');
  write(root, 'etc/group', 'root:x:0:\nusers:x:100:\naudio:x:29:ann\n');
  write(root, 'etc/motd', 'the base\n');
}

function addApp(root: string): void {
  write(root, 'srv/greet', 'echo "$GREETING, $1, from $(pwd)"\nid\necho I see $(echo *)\n');
  write(root, 'srv/café', 'open\n');
  write(root, 'srv/build.log', 'a lot\n');
  chmodSync(path.join(root, 'srv/greet'), 0o755);
}

function tidy(root: string): void {
  rmSync(path.join(root, 'srv/build.log'));
  rmSync(path.join(root, 'etc/motd'));
}

function write(root: string, name: string, contents: string): void {
  const at = path.join(root, name);
  mkdirSync(path.dirname(at), { recursive: true });
  writeFileSync(at, contents);
}
