// config-linux.md, pids: the file, and the limit enforced.

import type { Case } from '../../harness/case.ts';
import { controlled } from '../../harness/host.ts';
import { value } from './value.ts';
import type { Expected } from './value.ts';

const PIDS = 'config-linux.md#configLinuxPIDS';

/** The controller's file is the same in both versions. */
const same = (files: Expected['v1']): Expected => ({ v1: files, v2: files });

export const pidsCases: Case[] = [
  value(PIDS, 'pids.limit', 'pids', { 'pids/limit': 77 }, same({ 'pids.max': '77' })),
  value(
    PIDS,
    'pids.limit of -1 is no limit',
    'pids',
    { 'pids/limit': -1 },
    same({ 'pids.max': 'max' }),
  ),
  value(
    PIDS,
    'pids.limit of 0 is a limit',
    'pids',
    { 'pids/limit': 0 },
    // 1 means the same for a process that is moved in, and is all that systemd takes: newest runc.
    same({ 'pids.max': /^[01]$/ }),
    {
      since: '1.3',
    },
  ),
  {
    section: PIDS,
    title: 'pids.limit is enforced',
    needs: controlled('pids'),
    config: { '/linux/resources/pids': { limit: 20 } },
    script: 'for i in $(seq 40); do sleep 2 & done 2>&1 | tail -1',
    prints: /[Rr]esource temporarily unavailable|can't fork/,
  },
];
