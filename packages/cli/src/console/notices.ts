import type { EventData } from '@vigiles/contract';
import type { LiveEvent } from '../client/events.ts';
import { clean } from '../output/clean.ts';
import { bold, cyan, dim, green, red, stateText, yellow } from '../output/style.ts';
import { ciState } from '../views/github.ts';
import { clockTime } from '../output/units.ts';

/** What was decided; its reason only where it is another than the verdict's. */
const answerOf = ({ verdict, action }: EventData<'ci.run_judged'>['run']): string => {
  if (action === null) return '';
  return verdict?.reason === action.reason ? `(${action.kind})` : `(${action.kind}: ${action.reason})`;
};

type Writers = { [T in keyof Noticed]: (data: Noticed[T]) => string };

/** The events a console tells about; the rest is for the dashboard. */
interface Noticed {
  'config.reloaded': EventData<'config.reloaded'>;
  'config.rejected': EventData<'config.rejected'>;
  'store.quarantined': EventData<'store.quarantined'>;
  'device.paired': EventData<'device.paired'>;
  'service.state_changed': EventData<'service.state_changed'>;
  'incident.opened': EventData<'incident.opened'>;
  'incident.closed': EventData<'incident.closed'>;
  'action.started': EventData<'action.started'>;
  'action.finished': EventData<'action.finished'>;
  'alert.raised': EventData<'alert.raised'>;
  'decision.opened': EventData<'decision.opened'>;
  'decision.resolved': EventData<'decision.resolved'>;
  'session.halted': EventData<'session.halted'>;
  'ci.delivery_received': EventData<'ci.delivery_received'>;
  'ci.run_judged': EventData<'ci.run_judged'>;
  'ci.retry_asked': EventData<'ci.retry_asked'>;
  'ci.retry_outcome': EventData<'ci.retry_outcome'>;
  'ci.synced': EventData<'ci.synced'>;
}

const severityColour = { critical: red, warning: yellow, info: cyan };

const writers: Writers = {
  'config.reloaded': ({ changed, actor, needs_restart: waiting = [] }) =>
    `${green('✔ config')} reloaded: ${clean(changed.join(', '))} ${dim(`(${clean(actor)})`)}${waiting.length > 0 ? yellow(` only after a restart: ${clean(waiting.join(', '))}`) : ''}`,
  'config.rejected': ({ problems }) => {
    const shown = problems
      .slice(0, 5)
      .map(
        (problem) =>
          `\n           ${problem.line}:${problem.column} ${clean(problem.path)} ${clean(problem.message)}`,
      );
    return `${red('✖ config')} refused, the last good one stays in force:${shown.join('')}`;
  },
  'store.quarantined': ({ path }) => `${red('✖ store')} a broken file was put aside: ${clean(path)}`,
  'device.paired': ({ device }) =>
    `${cyan('+ device')} ${clean(device.name)} may ${clean(device.scopes.join(', '))}`,
  'service.state_changed': ({ service, to, reason }) =>
    `${stateText(to)} ${bold(clean(service))} ${dim(clean(reason))}`,
  'incident.opened': ({ incident }) =>
    `${severityColour[incident.severity](`! ${incident.severity}`)} ${bold(clean(incident.service))} ${clean(incident.title)} ${dim(clean(incident.id))}`,
  'incident.closed': ({ incident }) => {
    const fixed = incident.outcome === 'fixed';
    return `${(fixed ? green : yellow)(`${fixed ? '✔' : '–'} ${clean(incident.outcome ?? 'closed').replaceAll('_', ' ')}`)} ${bold(clean(incident.service))} ${clean(incident.title)}`;
  },
  'action.started': ({ run }) =>
    `${yellow('↻ action')} ${clean(run.action)} on ${bold(clean(run.target))} ${dim(clean(run.reason))}`,
  'action.finished': ({ run }) =>
    `${(run.outcome === 'fixed' ? green : yellow)(`↻ ${clean(run.outcome ?? run.state)}`)} ${clean(run.action)} on ${bold(clean(run.target))} ${dim(clean(run.message))}`,
  'decision.opened': ({ decision, title }) =>
    `${yellow('? needs you')} ${bold(clean(title))} ${clean(decision.question)} ${dim('(needs lists the answers)')}`,
  'decision.resolved': ({ decision: { question, resolution }, title }) =>
    `${dim('? decided')} ${bold(clean(title))} ${clean(question)} ${dim(clean(resolution?.choice ?? resolution?.source ?? ''))}`,
  'session.halted': ({ title, session_id, reason }) =>
    `${yellow('■ halted')} ${bold(clean(title || session_id))} ${dim(clean(reason))}`,
  'ci.delivery_received': ({ event, action, repository, workflow, branch, conclusion }) =>
    `${cyan('⇣ GitHub')} ${clean([event, action ?? ''].join(' ').trim())} ${bold(clean(workflow ?? repository))} ${dim(clean([workflow === null ? '' : repository, branch ?? '', conclusion ?? ''].filter((part) => part !== '').join(' · ')))}`,
  'ci.run_judged': ({ run }) =>
    `${ciState(run.state)} ${bold(clean(run.workflow))} ${clean(run.branch)}${run.verdict ? ` ${run.verdict.kind}: ${clean(run.verdict.reason)}` : ''} ${dim(clean(answerOf(run)))} ${dim(clean(run.url))}`,
  'ci.retry_asked': ({ run, by, reason }) =>
    `${yellow('↻ re-run')} ${bold(clean(run.workflow))} ${clean(run.branch)} ${dim(`${clean(reason)} (${clean(by)})`)}`,
  'ci.retry_outcome': ({ run, outcome, message }) =>
    `${outcome === 'recovered' ? green('✔ recovered') : red(`✖ ${outcome}`)} ${bold(clean(run.workflow))} ${clean(run.branch)} ${dim(clean(message))}`,
  'ci.synced': ({ action, success, repository, ref, detail }) =>
    `${success ? green(`✔ ${action}`) : red(`✖ ${action}`)} ${bold(clean(repository))} ${clean(ref)} ${dim(clean(detail))}`,
  'alert.raised': ({ severity, title, message }) =>
    `${severityColour[severity](`! ${severity}`)} ${bold(clean(title))} ${clean(message)}`,
};

/** An event as a line above the prompt, or null when it is not worth one. */
export function noticeOf(event: LiveEvent): string | null {
  const write = (writers as Record<string, ((data: never) => string) | undefined>)[event.type];
  return write ? `${dim(clockTime(event.ts))} ${write(event.data as never)}` : null;
}
