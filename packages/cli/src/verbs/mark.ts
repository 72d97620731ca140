import type { SeriesMarker } from '@vigiles/contract';
import { connect } from '../client/api.ts';
import { listServices } from '../client/resources.ts';
import { CliError, exitCode } from '../exit-codes.ts';
import { homeOf } from '../home.ts';
import { say, sayJson } from '../output/print.ts';
import { suggestion } from '../output/suggestion.ts';

interface Options {
  home?: string;
  json?: boolean;
  service?: string;
}

/** `vigiles mark <title>`: a deploy on the charts. */
export async function markVerb(title: string, { home, json, service }: Options): Promise<void> {
  const api = connect(homeOf(home));
  if (service !== undefined) {
    const names = (await listServices(api)).map(({ name }) => name);
    if (!names.includes(service))
      throw new CliError(`There is no service "${service}"${suggestion(service, names)}`, exitCode.usage);
  }
  const marker = await api.send<SeriesMarker>('POST', '/api/v1/markers', {
    title,
    ...(service === undefined ? {} : { target: service }),
  });
  if (json) sayJson(marker);
  else say(`Marked on the charts${service === undefined ? '' : ` of ${service}`}: ${marker.title}`);
}
