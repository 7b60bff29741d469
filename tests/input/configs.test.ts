/** Every wrong config is refused, with exactly the text that the golden file shows. */
import { ConfigError, defaultSpec, parseConfig, stringifyExactJson } from 'coracle/oci';
import { expect, it } from 'vitest';
import { WRONG_CONFIGS } from './configs/index.ts';
import { expectGolden } from './golden.ts';
import { changesOf, textOf } from './wrong-config.ts';
import type { WrongConfig } from './wrong-config.ts';

/** One paragraph of the golden file: what is wrong, how it was made, and what a person is told. */
function paragraph(config: WrongConfig): string {
  const changes = changesOf(config).map((line) => `    ${line}`);
  return [`# ${config.wrong}`, ...changes, messageFor(config)].join('\n');
}

function messageFor(config: WrongConfig): string {
  try {
    parseConfig(textOf(config), 'config.json');
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error(`accepted: ${config.wrong}`);
}

it('what every wrong config is made from is right', () => {
  expect(() => parseConfig(stringifyExactJson(defaultSpec()), 'config.json')).not.toThrow();
});

it('every wrong config gets its message', () => {
  expect(WRONG_CONFIGS.length).toBeGreaterThanOrEqual(40);
  expectGolden('configs.txt', `${WRONG_CONFIGS.map(paragraph).join('\n\n')}\n`);
});
