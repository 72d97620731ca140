import { startPostgres } from '../packages/server/src/testing/postgres.ts';
import { scratchInMemory } from './scratch-folder.ts';
import { staticChecks } from './static-checks.ts';
import { fewLanes, runTests, type TestTotals } from './test-run.ts';

/**
 * `npm test`: static checks, then every test beside the code, then the end-to-end tests with a real browser and
 * real agents. `npm run e2e` runs only the last. Arguments that are paths run just these files.
 */
const started = performance.now();
scratchInMemory();
const args = process.argv.slice(2);
const files = args.filter((arg) => arg.includes('.test.'));
const unit = [
  'packages/*/src/**/*.test.ts',
  'tools/**/*.test.ts',
  'bench/**/*.test.ts',
  'distribution/plugins/*/test/*.test.mjs',
];
const endToEnd = ['e2e/**/*.test.ts'];

const runs: TestTotals[] = [];
let checksOk = true;
if (files.length > 0) runs.push(await runTests('tests', files));
else {
  if (args.length === 0) checksOk = await staticChecks();
  if (args.length === 0 || args.includes('unit')) {
    // One PostgreSQL for all test files: each takes a database of its own in it.
    const postgres = await startPostgres();
    process.env.TEST_PG_URL = postgres.url;
    runs.push(await runTests('tests', unit));
    await postgres.stop();
  }
  if (args.length === 0 || args.includes('e2e')) runs.push(await runTests('end to end', endToEnd, fewLanes));
}
const sum = (key: keyof TestTotals) => runs.reduce((total, run) => total + run[key], 0);
const skippedInCi = Boolean(process.env.CI) && sum('skipped') > 0;
if (skippedInCi) console.error('skipped tests count as failures in CI');
if (!checksOk) console.error('static checks failed, see above');
console.log(`${((performance.now() - started) / 1000).toFixed(0)} s`);
console.log(`${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`);
const ok = checksOk && sum('failed') === 0 && sum('passed') > 0 && !skippedInCi;
process.exit(ok ? 0 : 1);
