import type { ActionInfo, ActionPlan, ActionRun } from '@vigiles/contract';
import { clean } from '../output/clean.ts';
import { bold, dim, green, red, yellow } from '../output/style.ts';
import { table } from '../output/table.ts';

/** `vigiles action list` */
export const actionsView = (actions: readonly ActionInfo[]): string =>
  table(
    [
      { title: 'ACTION' },
      { title: 'RISK' },
      { title: 'FOR', flexible: true },
      { title: 'WHAT', flexible: true },
    ],
    actions.map(({ id, risk, targets, title }) => [
      id,
      risk,
      targets.length > 6 ? 'anything' : targets.join(', '),
      title,
    ]),
  );

/** `vigiles action plan` */
export function planView({ action, target, risk, steps, refusal, undoable, guards }: ActionPlan): string {
  const lines = [
    `${bold(clean(action))} on ${bold(clean(target))}  ${dim(`${risk}${undoable ? ', can be undone' : ''}`)}`,
    ...steps.map((step, at) => `  ${at + 1}. ${clean(step)}`),
  ];
  if (guards && (guards.restarts_in_window > 0 || guards.breaker_open_until !== null)) {
    const open = guards.breaker_open_until;
    lines.push(
      dim(
        `Guards: ${guards.restarts_in_window} of ${guards.max_restarts} in ${guards.window_s / 60} min${open === null ? '' : `; breaker open until ${new Date(open).toISOString()}`}`,
      ),
    );
  }
  lines.push(refusal === null ? dim('Nothing was done.') : red(`It would be refused: ${clean(refusal)}`));
  return lines.join('\n');
}

/** The first line of a run. */
export const runLine = ({ id, action, target }: ActionRun): string =>
  `${bold(clean(action))} on ${bold(clean(target))}  ${dim(id)}`;

const seconds = (until: number | null): string =>
  until === null ? '' : ` (${Math.max(1, Math.ceil((until - Date.now()) / 1000))} s)`;

/** Where a run stands, in one line; the same for as long as nothing changes. */
export function stepLine(run: ActionRun): string {
  switch (run.state) {
    case 'vetoing':
      return yellow(`… starts soon; stop it with: vigiles action cancel ${run.id}`);
    case 'awaiting_approval':
      return run.approved_by === null ? yellow('… waits for an approval') : '… approved';
    case 'running':
      return '… running';
    case 'verifying':
      return run.stable_until === null ? '… verifying' : '… it works; watching that it lasts';
    case 'refused':
      return red(`✘ refused: ${clean(run.message)}`);
    case 'finished': {
      const said = `${(run.outcome ?? 'unknown').replaceAll('_', ' ')}: ${clean(run.message)}`;
      if (run.outcome === 'fixed') return green(`✔ ${said}`);
      return run.outcome === 'not_fixed' || run.outcome === 'timed_out'
        ? red(`✘ ${said}`)
        : yellow(`● ${said}`);
    }
  }
}

/** `vigiles action show` */
export const runView = (run: ActionRun): string =>
  [
    runLine(run),
    `${stepLine(run)}${seconds(run.veto_until ?? run.approval_until ?? run.stable_until)}`,
    dim(`asked by ${clean(run.actor)}: ${clean(run.reason)}`),
    ...(run.approved_by === null ? [] : [dim(`approved by ${clean(run.approved_by)}`)]),
    ...run.evidence.map(
      ({ text, data }) => `  ${clean(text)} ${dim(clean(JSON.stringify(data)).slice(0, 200))}`,
    ),
    ...(run.undoable ? [dim(`Undo it with: vigiles action undo ${run.id}`)] : []),
  ].join('\n');
