import { inspect, styleText } from 'node:util';
import { agentCases } from './cases/agents.ts';
import { modelCases } from './cases/models.ts';
import { providerCases } from './cases/providers.ts';
import { gatewayCases, serviceCases } from './cases/services.ts';
import { stateCases } from './cases/state.ts';
import type { FaultCase, Happened } from './fault-case.ts';
import type { Guard } from './guards/guard.ts';
import { foreseenCases, startForeseen } from './foreseen.ts';
import { holdGuards } from './guards/hold-guards.ts';
import { isOfSomebodyElse, quietRun } from './quiet.ts';
import { printTable } from './table.ts';
import { isMeant, runsOf, watchFault, type Seen } from './watch.ts';
import { startWorld, type World } from './world.ts';

/**
 * `npm run e2e:faults`: makes every fault of the catalogue happen and prints how each was found and answered. Words name
 * the faults to run (`-- B1 D2`, `guards` for those alone, `none` for the quiet alone); `--quiet 30` lets everything be well for so many minutes first, in which nothing may be
 * done. Exit code 1 where a fault was missed, answered wrongly or something healthy was touched.
 */
const args = process.argv.slice(2);
const quietAt = args.indexOf('--quiet');
const quietMinutes = quietAt < 0 ? 0.5 : Number(args[quietAt + 1]);
const wanted = args.filter((arg) => /^[A-EP]\d+$|^guards$|^none$/.test(arg));
const isWanted = ({ fault }: FaultCase) => wanted.length === 0 || wanted.includes(fault);
/**
 * Those of one phase happen side by side, each to something of its own. The gateway’s own death comes first, alone; D4 and
 * E3 share the configuration of Codex.
 */
const phases = [gatewayCases, serviceCases, [...providerCases, ...modelCases], agentCases, stateCases].map(
  (phase) => phase.filter(isWanted),
);
const foreseen = foreseenCases.filter(isWanted);
const cases = [...phases.flat(), ...foreseen];

const seconds = (ms: number | null): string => (ms === null ? '–' : `${(ms / 1000).toFixed(1)} s`);
const failures: string[] = [];
/** What was made ill, and so may be acted on. */
const meant: string[] = [];
const rows = [['fault', 'what was done', 'found in', 'tier', 'action', 'ended', 'over in', '']];

/** What is wrong with how a fault was answered; empty when nothing is. */
function complaints(fault: FaultCase, seen: Seen): string[] {
  const [first, ...rest] = seen.actions.filter(
    (action) => action !== 'alert_user' || fault.action === action,
  );
  const ended = {
    fixed: seen.outcome === 'fixed',
    told: seen.outcome === 'needs_person',
    noted: seen.outcome !== 'needs_person',
  };
  return [
    ...(first === fault.action ? [] : [`answered with ${first ?? 'nothing'}`]),
    ...rest
      .filter((action) => ![fault.action, ...(fault.further ?? []), ...(fault.also ?? [])].includes(action))
      .map((a) => `also did ${a}`),
    ...(fault.also ?? []).filter((action) => !seen.actions.includes(action)).map((a) => `did not ${a}`),
    ...(ended[fault.ends] ? [] : [`ended as ${seen.outcome} instead of ${fault.ends}`]),
    ...seen.wrong.map((wrong) => `wrong target: ${wrong}`),
  ];
}

async function runCase(
  world: Pick<World, 'vigiles' | 'folder'>,
  fault: FaultCase,
  happen: () => Promise<Happened | void>,
  since = Date.now(),
): Promise<void> {
  let happened: Happened | void = undefined;
  try {
    happened = await happen();
    const target = happened?.target ?? fault.target;
    meant.push(target, ...(fault.actsOn ?? []));
    const seen = await watchFault(world, fault, target, since);
    const wrong = complaints(fault, seen);
    for (const one of wrong) failures.push(`${fault.fault} (${fault.how}): ${one}`);
    const actions = seen.actions.join(', ') || 'none';
    const row = [fault.fault, fault.how, seconds(seen.detectedMs), String(seen.tier ?? '–'), actions];
    rows.push([...row, seen.outcome, seconds(seen.verifiedMs), wrong.length === 0 ? 'ok' : 'FAIL']);
  } catch (thrown) {
    failures.push(`${fault.fault} (${fault.how}): ${inspect(thrown)}`);
    rows.push([fault.fault, fault.how, '–', '–', '–', '–', '–', 'FAIL']);
  }
  await happened?.mend?.();
  console.error(rows.at(-1)?.join(' · '));
}

let guards: Guard[] = [];
const onlyForeseen = wanted.length > 0 && wanted.every((one) => one.startsWith('P'));
const world = onlyForeseen ? null : await startWorld();
if (world)
  try {
    const touched = await quietRun(world, quietMinutes);
    failures.push(...touched.map((one) => `in the quiet run: ${one}`));
    for (const phase of phases)
      await Promise.all(phase.map((fault) => runCase(world, fault, () => fault.happen(world))));
    for (const run of await runsOf(world.vigiles)) {
      const { action, target, actor, reason } = run;
      const isWrong =
        actor === 'watchdog' && !meant.some((pattern) => isMeant(pattern, target, world.folder));
      if (isWrong && !(await isOfSomebodyElse(world, run)))
        failures.push(`${action} on ${target}: ${reason}`);
    }
  } finally {
    await world.close();
  }
if (foreseen.length > 0) {
  const since = Date.now();
  const there = await startForeseen();
  try {
    await Promise.all(foreseen.map((fault) => runCase(there, fault, async () => undefined, since)));
    for (const { action, target, actor } of await runsOf(there.vigiles))
      if (actor === 'watchdog' && action !== 'alert_user')
        failures.push(`${action} on ${target}, which is well still`);
  } finally {
    await there.close();
  }
}
if (wanted.length === 0 || wanted.includes('guards')) guards = await holdGuards();
for (const { guard, held, saw } of guards) if (!held) failures.push(`guard: ${guard}: ${saw}`);

const [head = [], ...found] = rows;
const byFault = (row: string[]) => cases.findIndex(({ fault }) => fault === row[0]);
printTable([head, ...found.toSorted((a, b) => byFault(a) - byFault(b))]);
if (guards.length > 0)
  printTable([
    ['guard', 'what was seen', ''],
    ...guards.map(({ guard, saw, held }) => [guard, saw, held ? 'ok' : 'FAIL']),
  ]);
for (const failure of failures) console.error(`${styleText('red', '✖')} ${failure}`);
const green = rows.slice(1).filter((row) => row.at(-1) === 'ok').length;
console.log(
  `\n${green} of ${cases.length} faults answered as they must be; ${guards.filter(({ held }) => held).length} of ${guards.length} guards held; ${quietMinutes} min of quiet, ${failures.filter((one) => one.startsWith('in the quiet')).length} actions in it.`,
);
process.exitCode = failures.length > 0 ? 1 : 0;
