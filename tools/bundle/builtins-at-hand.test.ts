import assert from 'node:assert/strict';
import { it } from 'node:test';
import { builtinsAtHand } from './builtins-at-hand.ts';

const ask = (name: string) => `globalThis.process.getBuiltinModule("${name}")`;

it('every form of importing a module of Node’s becomes asking for it, and nothing else changes', () => {
  const code = [
    'import{t as a}from"./chunk-1.js";',
    'import b from"node:process";',
    'import c,{join as d,sep}from"node:path";',
    'import * as e from "node:os";',
    "import { lookup } from 'node:dns/promises';",
    'import f from"fastify";',
    'import g from"node:events";',
    'const text=`import h from"node:fs";`;export{text};',
  ].join('');
  assert.equal(
    builtinsAtHand(code),
    [
      'import{t as a}from"./chunk-1.js";',
      `var b=${ask('node:process')};`,
      `var c=${ask('node:path')};var {join:d,sep}=${ask('node:path')};`,
      `var e=${ask('node:os')};`,
      `var {lookup}=${ask('node:dns/promises')};`,
      'import f from"fastify";',
      `var g=${ask('node:events')};`,
      'const text=`import h from"node:fs";`;export{text};',
    ].join(''),
  );
});

it('a file that imports nothing of Node’s stays as it is', () => {
  for (const code of ['', 'export const a=1;', 'import"./a.js";var b=`import c from"node:fs";`'])
    assert.equal(builtinsAtHand(code), code);
});
