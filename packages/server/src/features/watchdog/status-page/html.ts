import type { PublicState, StatusPage } from '@vigiles/contract';
import { css } from './style.ts';

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const esc = (text: string): string => text.replace(/[&<>"']/g, (found) => entities[found] ?? '');

const words: Record<PublicState, string> = {
  operational: 'Operational',
  down: 'Down',
  recovering: 'Recovering',
  maintenance: 'Maintenance',
  unknown: 'Unknown',
};

const headlines: Record<PublicState, string> = {
  operational: 'Everything works',
  down: 'Something is down',
  recovering: 'Something is being repaired',
  maintenance: 'Maintenance is under way',
  unknown: 'Not everything is known right now',
};

/** 0.99987 → 99.98: never rounded up to 100. */
const percent = (share: number | null): string =>
  share === null ? 'no data' : `${(Math.floor(share * 10_000) / 100).toFixed(share === 1 ? 0 : 2)} %`;

const moment = (ms: number): string => {
  const iso = new Date(ms).toISOString();
  return `<time datetime="${iso}">${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC</time>`;
};

function lasted(ms: number): string {
  const minutes = Math.max(1, Math.round(ms / 60_000));
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.round(hours / 24)} days`;
}

const levelOf = (uptime: number | null): string => {
  if (uptime === null) return 'none';
  if (uptime === 1) return 'good';
  return uptime >= 0.99 ? 'fair' : 'bad';
};

/** One bar a day, drawn without a script. */
function bars(days: StatusPage['groups'][number]['services'][number]['days']): string {
  const width = 1000 / Math.max(1, days.length);
  const gap = Math.min(2.5, width / 4);
  const rects = days.map(({ day, uptime }, at) => {
    const title = `<title>${day}: ${percent(uptime)}</title>`;
    const x = (at * width).toFixed(2);
    return `<rect class="${levelOf(uptime)}" x="${x}" width="${(width - gap).toFixed(2)}" height="32">${title}</rect>`;
  });
  return `<svg class="bars" viewBox="0 0 1000 32" preserveAspectRatio="none" role="img" aria-label="Uptime by day">${rects.join('')}</svg>`;
}

const service = ({
  title,
  state,
  uptime,
  days,
}: StatusPage['groups'][number]['services'][number]): string => `
<li><div class="row"><h3>${esc(title)}</h3><span class="state ${state}">${words[state]}</span></div>
${bars(days)}
<div class="row small"><span>${days.length} days ago</span><span>${percent(uptime)}</span><span>today</span></div></li>`;

const group = ({ title, services }: StatusPage['groups'][number]): string =>
  `<section><h2>${esc(title)}</h2><ul>${services.map(service).join('')}</ul></section>`;

/** Of no service by name: of all of them. */
const named = (services: readonly string[]): string =>
  services.length === 0 ? 'Everything' : esc(services.join(', '));

function incidents(page: StatusPage): string {
  if (page.incidents.length === 0) return '<section><h2>Incidents</h2><p class="small">None.</p></section>';
  const items = page.incidents.map(({ services, began_at, ended_at }) => {
    const until = ended_at === null ? 'not over yet' : `over after ${lasted(ended_at - began_at)}`;
    return `<li><div class="row"><h3>${named(services)}</h3><span class="state ${ended_at === null ? 'down' : 'operational'}">${ended_at === null ? 'Open' : 'Over'}</span></div><p class="small">${moment(began_at)}, ${until}</p></li>`;
  });
  return `<section><h2>Incidents</h2><ul>${items.join('')}</ul></section>`;
}

function maintenance(page: StatusPage): string {
  if (page.maintenance.length === 0) return '';
  const items = page.maintenance.map(
    ({ services, from, to, open }) =>
      `<li><div class="row"><h3>${named(services)}</h3><span class="state maintenance">${open ? 'Now' : 'Planned'}</span></div><p class="small">${moment(from)} to ${moment(to)}</p></li>`,
  );
  return `<section><h2>Maintenance</h2><ul>${items.join('')}</ul></section>`;
}

/** The whole page: no script, no other file, nothing that is not in the data. */
export const pageHtml = (page: StatusPage): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${esc(page.title)}</title><style>${css}</style></head>
<body><main><header><h1>${esc(page.title)}</h1>${page.description ? `<p>${esc(page.description)}</p>` : ''}
<p class="banner ${page.state}" role="status">${page.groups.some(({ services }) => services.length > 0) ? headlines[page.state] : 'No service is shown here yet'}</p></header>
${page.groups.map(group).join('\n')}
${maintenance(page)}
${incidents(page)}
<footer class="small">As of ${moment(page.updated_at)}. <a href="">Look again</a>. The same as data: <a href="/status.json">status.json</a></footer>
</main></body></html>
`;
