import { runEntry } from './launcher/run-entry.ts';
import type { run as Run } from './run.ts';

const args = process.argv.slice(2);
const { run } = (await import(runEntry(args))) as { run: typeof Run };
process.exitCode = await run(args);
