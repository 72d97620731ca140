import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { corpusRows } from './corpus-report.ts';
import { fanOutRows } from './fan-out.ts';
import { startGatewayUnderTest } from './gateway-under-test.ts';
import { historyRows } from './history.ts';
import { knowledgeRows } from './knowledge.ts';
import { logLineRows } from './log-lines.ts';
import { idleRow, idleStreamRows, soakRows } from './memory.ts';
import { restRows } from './rest.ts';
import { recoveryCostRows } from './recovery-cost.ts';
import { peerRows } from './peers.ts';
import { startProcess } from './process.ts';
import { sessionRows } from './sessions.ts';
import { startRows } from './starts.ts';
import { markdownTable, type Row } from './table.ts';
import { watchdogRows } from './watchdog.ts';
import { measureScenarios, mixedLoad, type Ends } from './throughput.ts';

/**
 * `npm run bench` prints every figure beside its target; `--write` also puts the table into bench/RESULTS.md,
 * `--peers` also runs Portkey’s gateway and claude-code-router, which npm then fetches into a temporary folder,
 * `--only TEXT` runs the rows whose title holds TEXT, `--soak MINUTES` sets the length of the memory run (default 1), `--history-days DAYS`
 * for how many days the history has hours (default 35; 365 takes minutes).
 */
const args = process.argv.slice(2);
const option = (name: string) => {
  const at = args.indexOf(`--${name}`);
  return at < 0 ? undefined : (args[at + 1] ?? '');
};
const only = option('only');
const wanted = (title: string) => !only || title.toLowerCase().includes(only.toLowerCase());
const soakMinutes = Number(option('soak') ?? 1);

const rows: Row[] = [];
const show = (more: Row[]) => {
  for (const row of more) {
    rows.push(row);
    console.log(
      `  ${row.met ? '✔' : '✖'} ${row.title}: ${row.measured.toFixed(3)} (${row.target}; ${row.detail})`,
    );
  }
};
// Alone on the machine, before anything else is started.
show(corpusRows(wanted));
show(recoveryCostRows(wanted));
show(await logLineRows(wanted));
show(knowledgeRows(wanted));
show(await historyRows(wanted, Number(option('history-days') ?? 35)));
show(await startRows(wanted));
show(await restRows(wanted));
show(await watchdogRows(wanted));
show(await sessionRows(wanted));

const upstream = await startProcess<{ port: number }>('./upstream.ts');
const origin = `http://127.0.0.1:${upstream.ready.port}`;
const pipe = await startProcess<{ port: number }>('./bare-pipe.ts', [origin]);
const load = await startProcess('./load.ts');
const gateway = await startGatewayUnderTest(origin);
const ends: Ends = { load, pipePort: pipe.ready.port, pipePid: pipe.child.pid ?? 0, gateway };
try {
  if (wanted('RSS')) show([idleRow(gateway.pid)]);
  if (wanted('idle streams')) show(await idleStreamRows(ends));
  await measureScenarios(ends, wanted, show);
  if (wanted('RSS over')) show(await soakRows(gateway.pid, soakMinutes, (ms) => mixedLoad(ends, ms)));
  if (args.includes('--peers')) show(await peerRows(ends, origin));
  if (wanted('published')) show(await fanOutRows());
} finally {
  gateway.stop();
  await Promise.all([upstream.stop(), pipe.stop(), load.stop()]);
}

const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
const machine = `${availableParallelism()} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.version}`;
const command = ['npm run bench', ...(args.length > 0 ? ['--', ...args] : [])].join(' ');
const page = `# Bench results

Made by \`${command}\` at ${commit} on ${new Date().toISOString().slice(0, 10)}: ${machine}.

The bare pipe is \`bench/bare-pipe.ts\`: node:http in, undici out, nothing else. Each ratio is the median of paired rounds
(bare pipe, gateway, bare pipe, …) in one run; load generator, provider, bare pipe and gateway are separate processes on the
same cores. The gateway runs with auth, limits and ledger on.

${markdownTable(rows)}
`;
console.log(`\n${page}`);
if (args.includes('--write')) writeFileSync('bench/RESULTS.md', page);
process.exit(rows.every((row) => row.met) ? 0 : 1);
