import type { SeriesMarker } from '@vigiles/contract';
import { connect } from '../client/api.ts';
import { homeOf } from '../home.ts';
import { say, sayJson } from '../output/print.ts';

interface Options {
  home?: string;
  json?: boolean;
  service?: string;
}

/** `vigiles mark <title>`: a deploy on the charts. */
export async function markVerb(title: string, { home, json, service }: Options): Promise<void> {
  const marker = await connect(homeOf(home)).send<SeriesMarker>('POST', '/api/v1/markers', {
    title,
    ...(service === undefined ? {} : { target: service }),
  });
  if (json) sayJson(marker);
  else say(`Marked on the charts${service === undefined ? '' : ` of ${service}`}: ${marker.title}`);
}
