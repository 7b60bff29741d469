import type { WrongSolution } from '../../../tests/grader/wrong.ts';

const LOOP = 'for (let layer = 0; layer < layers; layer += 1) {';
const NOTHING = 'if (entry === undefined) continue;';
const WHITEOUT = "    if (entry.kind === 'whiteout') break;\n";
const FILE = "if (entry.kind === 'file') return visible.length === 0 ? [entry] : visible;";
const PUSH = '    visible.push(entry);\n';
const OPAQUE = '    if (entry.opaque === true) break;\n';
const REDIRECT = 'if (entry.redirect !== undefined) wanted = redirected(wanted, entry.redirect);';
const LAST = "return wanted.slice(0, wanted.lastIndexOf('/') + 1) + redirect;";

export const wrong: readonly WrongSolution[] = [
  {
    name: 'begins-at-the-bottom',
    change: [[LOOP, 'for (let layer = layers - 1; layer >= 0; layer -= 1) {']],
    killedBy: 'file',
    seenByKernel: 'as-the-kernel',
  },
  {
    name: 'forgets-the-lowest-layer',
    change: [[LOOP, LOOP.replace('layer < layers', 'layer < layers - 1')]],
    killedBy: 'file',
  },
  {
    name: 'merges-files',
    change: [[FILE, '']],
    killedBy: 'file',
  },
  {
    name: 'stops-where-a-layer-has-nothing',
    change: [[NOTHING, NOTHING.replace('continue', 'break')]],
    killedBy: 'file',
  },
  {
    name: 'takes-the-topmost-directory-alone',
    change: [[OPAQUE, '    break;\n']],
    killedBy: 'directories',
    seenByKernel: 'as-the-kernel',
  },
  {
    name: 'has-the-lowest-directory-first',
    change: [[PUSH, '    visible.unshift(entry);\n']],
    killedBy: 'directories',
  },
  {
    name: 'looks-through-whiteouts',
    change: [[WHITEOUT, "    if (entry.kind === 'whiteout') continue;\n"]],
    killedBy: 'whiteout',
    seenByKernel: 'as-the-kernel',
  },
  {
    name: 'shows-the-whiteout',
    change: [[WHITEOUT, '']],
    killedBy: 'whiteout',
  },
  {
    name: 'forgets-what-is-above-a-whiteout',
    change: [[WHITEOUT, WHITEOUT.replace('break', 'return []')]],
    killedBy: 'whiteout',
  },
  {
    name: 'does-not-know-opaque',
    change: [[OPAQUE, '']],
    killedBy: 'opaque',
    seenByKernel: 'as-the-kernel',
  },
  {
    name: 'leaves-the-opaque-directory-out',
    change: [[PUSH + OPAQUE, OPAQUE + PUSH]],
    killedBy: 'opaque',
  },
  {
    name: 'merges-a-file-into-a-directory',
    change: [[FILE, "if (entry.kind === 'file') return [...visible, entry];"]],
    killedBy: 'file-and-directory',
  },
  {
    name: 'looks-through-a-file-between',
    change: [
      [FILE, "if (entry.kind === 'file') { if (visible.length > 0) continue; return [entry]; }"],
    ],
    killedBy: 'file-and-directory',
    seenByKernel: 'as-the-kernel',
  },
  {
    name: 'does-not-follow-redirects',
    change: [[REDIRECT, '']],
    killedBy: 'redirect',
  },
  {
    name: 'asks-the-same-layer-again',
    change: [[REDIRECT, REDIRECT.replace(' wanted =', ' { layer -= 1; wanted =') + ' }']],
    killedBy: 'redirect',
  },
  {
    name: 'takes-a-redirect-for-one-layer-only',
    change: [
      [
        'const entry = look(layer, wanted);',
        'const entry = look(layer, wanted);\n    wanted = name;',
      ],
    ],
    killedBy: 'redirect',
  },
  {
    name: 'joins-an-absolute-redirect',
    change: [["  if (redirect.startsWith('/')) return redirect;\n", '']],
    killedBy: 'redirect-in-a-path',
  },
  {
    name: 'forgets-the-path-before-a-redirect',
    change: [[LAST, 'return redirect;']],
    killedBy: 'redirect-in-a-path',
  },
  {
    name: 'appends-a-redirect',
    change: [[LAST, "return wanted.includes('/') ? `${wanted}/${redirect}` : redirect;"]],
    killedBy: 'redirect-in-a-path',
  },
  {
    name: 'asks-all-layers-first',
    change: [
      [
        '  let wanted = name;\n',
        '  let wanted = name;\n  const all = Array.from({ length: layers }, (_, at) => look(at, name));\n',
      ],
      [
        'const entry = look(layer, wanted);',
        'const entry = wanted === name ? all[layer] : look(layer, wanted);',
      ],
    ],
    killedBy: 'redirect',
  },
  {
    name: 'goes-on-asking-below-a-whiteout',
    change: [
      ['  let wanted = name;\n', '  let wanted = name;\n  let over = false;\n'],
      [
        WHITEOUT,
        "    if (over) continue;\n    if (entry.kind === 'whiteout') { over = true; continue; }\n",
      ],
    ],
    killedBy: 'asks-no-more',
  },
  {
    name: 'follows-a-redirect-of-an-opaque-directory',
    change: [[OPAQUE, '    if (entry.opaque === true && entry.redirect === undefined) break;\n']],
    killedBy: 'asks-no-more',
  },
];
