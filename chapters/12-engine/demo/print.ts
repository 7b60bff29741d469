/** How the demo speaks: a title for each step, and below it what there is to see. */
import chalk from 'chalk';

export function title(text: string): void {
  process.stdout.write(`\n${chalk.bold.cyan(text)}\n`);
}

export function line(text: string): void {
  process.stdout.write(`    ${chalk.dim(text)}\n`);
}
