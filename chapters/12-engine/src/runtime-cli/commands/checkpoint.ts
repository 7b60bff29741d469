import { refused } from '../refused.ts';

export const command = refused('checkpoint');
