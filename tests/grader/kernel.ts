/**
 * What the grader sees of a kernel check from outside, in the host's /proc: the learner's process
 * may say what it likes, the kernel is asked.
 */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { CheckFailure, type Attempt } from './attempt.ts';

/** One process of a kernel check, as the host sees it. */
export class Witness {
  /** The host's number for it. */
  readonly pid: number;
  readonly #attempt: Attempt;
  readonly #shown: string;

  private constructor(pid: number, attempt: Attempt, shown: string) {
    this.pid = pid;
    this.#attempt = attempt;
    this.#shown = shown;
  }

  /**
   * @param inner the number that the learner's process knows it by.
   * @param shown stands for it in the evidence, where there is more than one.
   */
  static async of(attempt: Attempt, inner: unknown, shown: string = 'PID'): Promise<Witness> {
    const parent = await attempt.learnerPid();
    const pid = hostPid(childNamespace(parent), Number(inner));
    if (pid !== undefined) return new Witness(pid, attempt, shown);
    throw new CheckFailure(`process ${String(inner)}`, `ENOENT /proc/${shown}`);
  }

  /** `uts:[4026531838]`: equal for processes that share the namespace. */
  namespace(file: string): string {
    return this.#note(`ns/${file}`, readlinkSync(`/proc/${this.pid}/ns/${file}`));
  }

  /** Whether it is in another namespace than the grader. */
  isElsewhere(file: string): boolean {
    return this.namespace(file) !== readlinkSync(`/proc/self/ns/${file}`);
  }

  /** A field of /proc/PID/status: `field('Uid')` → `['0', '0', '0', '0']`. */
  field(name: string): string[] {
    const line = fieldOf(this.pid, name) ?? [];
    this.#note(`status ${name}:`, line.join(' '));
    return line;
  }

  /** The text of one of its files in /proc, such as `uid_map`, `mountinfo`, `cgroup`. */
  read(file: string): string {
    const text = readFileSync(`/proc/${this.pid}/${file}`, 'utf8').trim();
    return this.#note(file, text);
  }

  #note(what: string, text: string): string {
    const line = text.replaceAll('\n', '; ').replaceAll(/\s+/g, ' ');
    this.#attempt.evidence.push(`/proc/${this.#shown}/${what}  ${line}`);
    return text;
  }
}

/** The PID namespace in which the children of `parent` are born. */
function childNamespace(parent: number): string {
  return readlinkSync(`/proc/${parent}/ns/pid_for_children`);
}

/** NSpid has a number for each PID namespace from the grader's down: the second is `inner`. */
function hostPid(namespace: string, inner: number): number | undefined {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .find((pid) => isIn(pid, namespace) && fieldOf(pid, 'NSpid')?.[1] === String(inner));
}

/** In the namespace, or in one below it, which the list of its numbers also tells. */
function isIn(pid: number, namespace: string): boolean {
  try {
    if (readlinkSync(`/proc/${pid}/ns/pid`) === namespace) return true;
    const [, parent = '0'] =
      /^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return parent !== '0' && readlinkSync(`/proc/${parent}/ns/pid`) === namespace;
  } catch {
    // It has ended meanwhile.
    return false;
  }
}

function fieldOf(pid: number, name: string): string[] | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const found = new RegExp(`^${name}:[ \\t]*(.*)$`, 'm').exec(status)?.[1];
    return found?.split(/\s+/);
  } catch {
    return undefined;
  }
}
