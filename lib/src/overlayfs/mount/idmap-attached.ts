/**
 * Idmapped layers where only paths are known: mount(2), and fsconfig(2) before Linux 6.15. Their
 * mounts are attached in a temporary directory. The overlay keeps private copies, so they are
 * detached as soon as it is made.
 */
import { mkdirSync, mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Cleanup } from '../../base/index.ts';
import { MNT_DETACH, moveMount, umount2 } from '../../sys/index.ts';
import { planOverlay, type OverlayMount } from '../plan/plan.ts';
import { openIdmapped } from './idmap.ts';

/** Calls `body` with the plan, its lower layers replaced by paths that exist meanwhile. */
export function withAttachedIdmaps<T>(plan: OverlayMount, body: (plan: OverlayMount) => T): T {
  const { lowerIdmapFd, ...spec } = plan.spec;
  if (lowerIdmapFd === undefined) return body(plan);
  const undo = new Cleanup();
  const directory = mkdtempSync(path.join(tmpdir(), 'coracle-idmap-'));
  undo.add(`remove ${directory}`, () => rmdirSync(directory));
  try {
    const lower = spec.lower.map((layer, index) => {
      const place = path.join(directory, String(index));
      mkdirSync(place);
      undo.add(`remove ${place}`, () => rmdirSync(place));
      using tree = openIdmapped(layer, lowerIdmapFd);
      moveMount(tree.fd, place);
      undo.add(`unmount ${place}`, () => umount2(place, MNT_DETACH));
      return place;
    });
    return body(planOverlay({ ...spec, lower }));
  } finally {
    undo.run();
  }
}
