#!/usr/bin/env node
import { runEntry } from './launcher/run-entry.ts';
import { keepHeapSmall } from './launcher/small-heap.ts';
import type { run as Run } from './run.ts';

const args = process.argv.slice(2);
// Before anything is loaded: what it grows to while it starts stays.
if (args[0] === 'start') keepHeapSmall();
const { run } = (await import(runEntry(args))) as { run: typeof Run };
process.exitCode = await run(args);
