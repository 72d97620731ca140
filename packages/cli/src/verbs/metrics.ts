import { connect } from '../client/api.ts';
import { CliError } from '../exit-codes.ts';
import { homeOf } from '../home.ts';
import { say, sayJson } from '../output/print.ts';
import { metricsView, readMetrics } from '../views/metrics.ts';

const timeoutMs = 15_000;

/** `vigiles metrics`: what Prometheus would read, for people. `--json` has each figure with its labels. */
export async function metricsVerb(
  text: string | undefined,
  { home, json, raw }: { home?: string; json?: boolean; raw?: boolean },
): Promise<void> {
  const api = connect(homeOf(home));
  const response = await api.open('/metrics', {}, AbortSignal.timeout(timeoutMs));
  const body = await response.text();
  if (!response.ok) throw new CliError(`The server answered ${response.status}.`);
  if (raw) return say(body.trimEnd());
  const wanted = text?.toLowerCase() ?? '';
  const figures = readMetrics(body).filter((figure) =>
    `${figure.name} ${Object.values(figure.labels).join(' ')} ${figure.help}`.toLowerCase().includes(wanted),
  );
  if (json) sayJson(figures);
  else say(metricsView(figures));
}
