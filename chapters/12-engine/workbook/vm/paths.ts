/** Where the VM's things are: below `.vm/` in the repository, which git ignores. */
import path from 'node:path';
import { repository } from '../run-script.ts';

const home = path.join(repository, '.vm');

export const paths = {
  home,
  /** Images, each in a folder named by what it was built from. */
  images: path.join(home, 'images'),
  /** The machine of `vm up`: its disk, and what is known of its process. */
  machine: path.join(home, 'machine'),
  /** What `vm test` brought back. */
  reports: path.join(home, 'reports'),
  /** The key with which we log in to our own machines, and nowhere else. */
  key: path.join(home, 'key'),
  builder: path.join(repository, 'vagrant/image/build.sh'),
  vagrant: path.join(repository, 'vagrant'),
} as const;
