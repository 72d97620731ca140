#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { keepSmall } from './launcher/small-process.mjs';

// Before anything is loaded: what it grows to while it starts stays.
if (process.argv[2] === 'start') keepSmall();

// Plain JavaScript: Node keeps its TypeScript compiler, 12 MB, in a process that had to strip types even once. With the
// cache only the first command after an update has to. Beside the dependencies: a folder that others can write to could
// hold their code.
enableCompileCache(join(import.meta.dirname, '../../../node_modules/.cache/vigiles'));
await import('./main.ts');
