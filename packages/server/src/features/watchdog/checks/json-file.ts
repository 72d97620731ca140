import { setTimeout as delay } from 'node:timers/promises';
import type { CheckFacts } from '@vigiles/contract';
import { openFile } from '../../../platform/files/open-file.ts';
import { judgeExpectation, prepareExpectations } from '../core/json-expectation.ts';
import { defineCheck, local } from './define-check.ts';
import { cannotTell, failedLook, isOurError, unhealthy } from './failed-look.ts';
import { compilePattern } from './pattern.ts';

const mostBytes = 10 << 20;
/** A file that is being written is read again after this. */
const halfWrittenMs = 60;

interface ReadFile {
  text: string;
  modifiedAt: number;
}

/** Reads a whole small file. Throws what the system throws, and a sentence when it is too large. */
async function readWhole(path: string): Promise<ReadFile> {
  const file = await openFile(path);
  try {
    const { size, mtimeMs } = await file.stat();
    if (size > mostBytes) throw new Error(`it is larger than ${mostBytes >> 20} MB`);
    return { text: await file.readFile('utf8'), modifiedAt: mtimeMs };
  } finally {
    await file.close();
  }
}

type Document = { ok: true; value: unknown } | { ok: false };

function parse(text: string): Document {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    return { ok: false };
  }
}

export const check = defineCheck({
  type: 'json_file',
  title: 'JSON file',
  target: (config) => config.file,
  ...local,
  prepare(config, { clock }) {
    const expectations = prepareExpectations(config.json, compilePattern);
    return {
      async look({ signal }) {
        const begun = clock.monotonic();
        let read: ReadFile;
        let document: Document;
        try {
          read = await readWhole(config.file);
          document = parse(read.text);
          if (!document.ok) {
            await delay(halfWrittenMs, undefined, { signal });
            read = await readWhole(config.file);
            document = parse(read.text);
          }
        } catch (thrown) {
          const { code } = thrown as NodeJS.ErrnoException;
          if (code === 'ENOENT' || code === 'ENOTDIR') {
            if (config.missing === 'fails') return unhealthy('there is no such file');
            return { ok: true, latencyMs: clock.monotonic() - begun, facts: { exists: false } };
          }
          if (code === 'EACCES' || code === 'EPERM' || isOurError(thrown))
            return cannotTell(`Vigiles may not read it (${code ?? ''})`);
          return failedLook(thrown, signal);
        }
        const age = Math.max(0, (clock.now() - read.modifiedAt) / 1000);
        const facts: CheckFacts = { age_s: Math.round(age) };
        if (!document.ok) return unhealthy('it is not JSON', facts);
        let problem: string | null = null;
        for (const expectation of expectations) {
          const finding = judgeExpectation(document.value, expectation, clock.now());
          facts[finding.path] = finding.value;
          if (!finding.holds) problem ??= finding.reason;
        }
        if (config.max_age_s !== undefined && age > config.max_age_s)
          problem ??= `it was last written ${Math.round(age)} s ago`;
        if (problem !== null) return unhealthy(problem, facts);
        return { ok: true, latencyMs: clock.monotonic() - begun, facts };
      },
    };
  },
});
