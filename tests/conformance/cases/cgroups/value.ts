// One kind of case for all controllers: a resource of the config, and the file that must show it.

import type { Case, Mutation } from '../../harness/case.ts';
import { Skip } from '../../harness/case.ts';
import { controlled } from '../../harness/host.ts';
import { cgroupFile } from '../../harness/observe.ts';

type Files = Readonly<Record<string, string | RegExp>>;

/** What the files of a created container's cgroup must say, in each version. */
export interface Expected {
  v1: Files;
  /** `refused`: v2 has nothing to convert it to, which "MUST generate an error" (Unified). */
  v2: Files | 'refused';
}

/** The file that a created container's cgroup must show for a resource. */
export function value(
  section: string,
  title: string,
  controller: string,
  resources: Mutation,
  expected: Expected,
  since: { since?: '1.1' | '1.2' | '1.3' } = {},
): Case {
  return {
    section,
    title,
    ...since,
    needs: controlled(controller),
    steps: async (box) => {
      for (const [key, setting] of Object.entries(resources)) {
        box.patch({ [`/linux/resources/${key}`]: setting });
      }
      const files = box.host.cgroups === 'v2' ? expected.v2 : expected.v1;
      if (files === 'refused') {
        await box.refuses();
        return;
      }
      await box.created();
      for (const [file, wanted] of Object.entries(files)) {
        const seen = cgroupFile(box, controller, file);
        if (seen === '(absent)') throw new Skip(`the kernel has no ${file}`);
        if (typeof wanted === 'string') box.equal(seen, wanted, file);
        else box.match(seen, wanted, file);
      }
    },
  };
}
