import { writeFile } from 'node:fs/promises';
import type { Incident, IncidentExport, IncidentReplay, KnownPattern } from '@vigiles/contract';
import { connect } from '../client/api.ts';
import { homeOf } from '../home.ts';
import { say, sayJson } from '../output/print.ts';
import { incidentView, knowledgeView, replayView } from '../views/incident.ts';
import { incidentsView } from '../views/incidents.ts';

interface Options {
  home?: string;
  json?: boolean;
}

interface ListOptions extends Options {
  state?: string;
  target?: string;
  fault?: string;
  search?: string;
  limit: number;
}

const pathOf = (id: string) => `/api/v1/incidents/${encodeURIComponent(id)}`;

/** `vigiles incident list` */
export async function listIncidentsVerb({ home, json, ...filter }: ListOptions): Promise<void> {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(filter)) if (value !== undefined) query.set(name, String(value));
  const answer = await connect(homeOf(home)).get<{ incidents: Incident[] }>(
    `/api/v1/incidents?${query.toString()}`,
  );
  if (json) sayJson(answer);
  else say(incidentsView(answer.incidents));
}

/** `vigiles incident show <id>` */
export async function showIncidentVerb(
  id: string,
  { home, json, replay }: Options & { replay?: boolean },
): Promise<void> {
  const api = connect(homeOf(home));
  if (replay) {
    const again = await api.get<IncidentReplay>(`${pathOf(id)}/replay`);
    if (json) sayJson(again);
    else say(replayView(again));
    return;
  }
  const incident = await api.get<Incident>(pathOf(id));
  if (json) sayJson(incident);
  else say(incidentView(incident));
}

/** `vigiles incident export <id>`: only its owner can read the file. */
export async function exportIncidentVerb(
  id: string,
  { home, json, out }: Options & { out?: string },
): Promise<void> {
  const report = await connect(homeOf(home)).get<IncidentExport>(`${pathOf(id)}/export`);
  if (out === undefined) {
    if (json) sayJson(report);
    else say(report.markdown);
    return;
  }
  await writeFile(out, json ? `${JSON.stringify(report, null, 2)}\n` : report.markdown, { mode: 0o600 });
  say(`Written to ${out}.`);
}

/** `vigiles incident ack <id>` */
export async function acknowledgeIncidentVerb(id: string, { home, json }: Options): Promise<void> {
  const incident = await connect(homeOf(home)).send<Incident>('POST', `${pathOf(id)}/acknowledge`, {});
  if (json) sayJson(incident);
  else say(`Acknowledged: ${incident.id}`);
}

/** `vigiles knowledge` */
export async function showKnowledgeVerb({ home, json }: Options): Promise<void> {
  const answer = await connect(homeOf(home)).get<{ patterns: KnownPattern[] }>('/api/v1/knowledge?limit=500');
  if (json) sayJson(answer);
  else say(knowledgeView(answer.patterns));
}
