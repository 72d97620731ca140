import { scratchInMemory } from './scratch-folder.ts';
import { staticChecks } from './static-checks.ts';
import { runTests } from './test-run.ts';

/** `npm run check`: everything short of the end-to-end tests. */
scratchInMemory();
const checksOk = await staticChecks();
const totals = await runTests('tests', ['packages/*/src/**/*.test.ts', 'tools/**/*.test.ts']);
console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
process.exit(checksOk && totals.failed === 0 && totals.passed > 0 ? 0 : 1);
