#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { run } from './run.ts';

// What a verb loads is compiled once. Beside the dependencies: a folder that others can write to could hold their code.
enableCompileCache(join(import.meta.dirname, '../../../node_modules/.cache/vigiles'));

process.exitCode = await run(process.argv.slice(2));
