/** Exercise 02.6: ordered device rules as a program that the kernel runs. */
import { BPF, bpfInstruction, type BpfInstruction } from '../controllers/bpf.ts';
import {
  DEVICE_REGISTER,
  DEVICE_TYPE,
  deviceEpilogue,
  devicePrologue,
} from '../controllers/device-program.ts';
import { ALL_ACCESS, type DeviceRule, type DeviceStep } from '../controllers/device-rules.ts';

// #region exercise-02-6
/**
 * One rule as instructions, each made by {@link bpfInstruction}. Pure. The kernel's bpf
 * instruction-set.rst, "Jump instructions".
 *
 *     if type  != the rule's  goto past the block
 *     if major != the rule's  goto past the block
 *     if minor != the rule's  goto past the block
 *     allowed |= access, or allowed &= the other accesses
 *
 * The device at hand is in the registers `type`, `major`, `minor` of DEVICE_REGISTER, the accesses
 * allowed so far are the bits of `allowed`. The tests are `BPF.jumpNotEqual32`; the type is a number of
 * DEVICE_TYPE. A jump's offset counts the instructions that it passes over, from the next one on. A
 * number that the rule leaves open (undefined) is not tested, but 0 is a number. A rule that allows sets
 * its bits (`BPF.or`), one that denies clears them and no others (`BPF.and`, ALL_ACCESS).
 */
export function deviceRuleBlock(rule: DeviceRule): BpfInstruction[] {
  const R = DEVICE_REGISTER;
  const tests: [register: number, value: number][] = [[R.type, DEVICE_TYPE[rule.type]]];
  if (rule.major !== undefined) tests.push([R.major, rule.major]);
  if (rule.minor !== undefined) tests.push([R.minor, rule.minor]);
  const jumps = tests.map(([register, value], index) =>
    bpfInstruction(BPF.jumpNotEqual32, register, 0, tests.length - index, value),
  );
  const change = rule.allow
    ? bpfInstruction(BPF.or, R.allowed, 0, 0, rule.access)
    : bpfInstruction(BPF.and, R.allowed, 0, 0, ALL_ACCESS & ~rule.access);
  return [...jumps, change];
}

/**
 * The bytes of the program for the steps, first to last: {@link devicePrologue}, a block for each rule,
 * {@link deviceEpilogue}. Pure. config-linux.md, "Allowed Device list"; bpf(2).
 *
 * It starts with "nothing is allowed" (0). A reset says the same for all accesses at once, either way,
 * so that only the last one matters: it decides what the prologue starts with, ALL_ACCESS or 0, and
 * only the rules behind it become blocks.
 */
export function assembleDeviceProgram(steps: readonly DeviceStep[]): Uint8Array {
  const lastReset = steps.findLastIndex((step) => 'reset' in step);
  const reset = steps[lastReset];
  const start = reset !== undefined && 'reset' in reset && reset.reset ? ALL_ACCESS : 0;
  const rules = steps.slice(lastReset + 1).filter((step): step is DeviceRule => !('reset' in step));
  const blocks = rules.flatMap(deviceRuleBlock);
  return Uint8Array.from([...devicePrologue(start), ...blocks, ...deviceEpilogue()].flat());
}
// #endregion exercise-02-6
