import type { Incident, IncidentReplay, KnownPattern } from '@vigiles/contract';
import { clean } from '../output/clean.ts';
import { bold, dim } from '../output/style.ts';
import { table } from '../output/table.ts';
import { ago } from '../output/units.ts';

/** `vigiles incident show`: the story as it happened. What it quotes was written by others. */
export function incidentView(incident: Incident): string {
  const { title, target, fault_id, fault_code, state, outcome, timeline, suggestion } = incident;
  return [
    bold(clean(title)),
    `${clean(target)} · ${clean(fault_id ?? fault_code)} · ${state}${outcome === null ? '' : `, ${outcome}`} · ${incident.id}`,
    '',
    ...timeline.map(({ ts, kind, tier, title: what, detail }) => {
      const head = `${new Date(ts).toISOString()}  ${kind}${tier === null ? '' : ` (tier ${tier})`}  ${clean(what)}`;
      return detail === '' ? head : `${head}\n${dim(`    ${clean(detail)}`)}`;
    }),
    ...(suggestion ? ['', `The AI suggests ${clean(suggestion.action)}: ${clean(suggestion.reason)}`] : []),
  ].join('\n');
}

/** `vigiles incident show --replay` */
export function replayView({ decision, tiers, decided_then: then }: IncidentReplay): string {
  return [
    `Today: ${clean(decision)}`,
    ...tiers.flatMap(({ tier, title, why, decides, plans }) => [
      `${decides ? '→' : ' '} tier ${tier}: ${clean(title)}. ${clean(why)}`,
      ...plans.flatMap(({ steps }) => steps.map((step) => `      ${clean(step)}`)),
    ]),
    ...(then.length > 0 ? [dim(`Then: ${clean(then.join(' → '))}`)] : []),
  ].join('\n');
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;

/** `vigiles knowledge` */
export function knowledgeView(patterns: readonly KnownPattern[]): string {
  if (patterns.length === 0) return dim('Nothing was seen yet.');
  return table(
    [
      { title: 'FAULT' },
      { title: 'PATTERN', flexible: true },
      { title: 'WHAT WAS TRIED', flexible: true },
      { title: 'SURE', align: 'right' },
      { title: 'LAST', align: 'right' },
    ],
    patterns.map(({ fault, template, remedies, last_at }) => {
      const best = remedies.toSorted((a, b) => b.lower - a.lower)[0];
      return [
        fault,
        template,
        best ? best.steps.map(({ action }) => action).join(', ') : '–',
        best ? `≥ ${percent(best.lower)}` : '–',
        ago(last_at),
      ];
    }),
  );
}
