// One kind of case for all controllers: a resource of the config, and the file that must show it.

import type { Case, Mutation } from '../../harness/case.ts';
import { Skip } from '../../harness/case.ts';
import { v1 } from '../../harness/host.ts';
import { cgroupFile } from '../../harness/observe.ts';

/** The file that a created container's cgroup must show for a resource, in v1. */
export function value(
  section: string,
  title: string,
  controller: string,
  resources: Mutation,
  expected: Record<string, string | RegExp>,
  since: { since?: '1.1' | '1.2' | '1.3' } = {},
): Case {
  return {
    section,
    title,
    ...since,
    needs: v1(controller),
    steps: async (box) => {
      for (const [key, setting] of Object.entries(resources)) {
        box.patch({ [`/linux/resources/${key}`]: setting });
      }
      await box.created();
      for (const [file, wanted] of Object.entries(expected)) {
        const seen = cgroupFile(box, controller, file);
        if (seen === '(absent)') throw new Skip(`the kernel has no ${file}`);
        if (typeof wanted === 'string') box.equal(seen, wanted, file);
        else box.match(seen, wanted, file);
      }
    },
  };
}
