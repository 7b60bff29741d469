// All cases, in the order of the specification.

import type { Case } from '../harness/case.ts';
import { lifecycleCases } from './lifecycle.ts';

export const allCases: readonly Case[] = [...lifecycleCases];
