import { z } from 'zod';
import { MarkerRequest, SeriesMarker, type VigilesEvent } from '@vigiles/contract';
import { fault, raise } from '../../kernel/fault.ts';
import { defineRoute, type Route } from '../../kernel/route.ts';
import type { EventLog } from '../../platform/event-log/index.ts';

const dayMs = 86_400_000;
/** A clock may be a little ahead of ours. */
const aheadMs = 60_000;
const pageSize = 500;
/** Pages that are read for one answer: starts, deploys and changes of the configuration are few. */
const maxPages = 20;

const told = ['deploy.marked', 'system.started', 'config.reloaded'] as const;

const is = <T extends (typeof told)[number]>(event: VigilesEvent, type: T): event is VigilesEvent<T> =>
  event.type === type;

function markerOf(event: VigilesEvent): SeriesMarker[] {
  const moment = { from: event.ts, to: null, target: '', id: null };
  if (is(event, 'deploy.marked')) {
    const { title, target, at } = event.data;
    return [{ ...moment, kind: 'deploy', title, target, from: at }];
  }
  if (is(event, 'system.started'))
    return [{ ...moment, kind: 'start', title: `Vigiles ${event.data.version} started` }];
  if (is(event, 'config.reloaded')) {
    const changed = event.data.changed.slice(0, 3).join(', ') || 'no change';
    return [{ ...moment, kind: 'deploy', title: `Configuration: ${changed}` }];
  }
  return [];
}

/** Moments of change on charts: set by people and pipelines, and our own. */
export function markerRoutes(events: Pick<EventLog, 'append' | 'read'>, now: () => number): Route[] {
  return [
    defineRoute({
      method: 'POST',
      path: '/api/v1/markers',
      operationId: 'markDeploy',
      summary: 'Marks a deploy, or another moment, on the charts',
      tag: 'series',
      scope: 'operate',
      audit: 'marker.set',
      tier: 'light',
      body: MarkerRequest,
      success: SeriesMarker,
      successStatus: 201,
      faults: ['bad_moment'],
      handle: async ({ body, identity }) => {
        const at = body.at ?? now();
        if (at > now() + aheadMs || at < now() - dayMs)
          raise(fault('invalid', 'bad_moment', 'at has to lie within the last day', { details: { at } }));
        const { title, target = '' } = body;
        await events.append('deploy.marked', {
          actor: `device:${identity.deviceId}`,
          subject: target === '' ? 'charts' : target,
          data: { title, target, at },
        });
        return { kind: 'deploy' as const, from: at, to: null, title, target, id: null };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/api/v1/markers',
      operationId: 'listMarkers',
      summary: 'Deploys, starts and changes of the configuration, for charts',
      tag: 'series',
      scope: 'read',
      audit: 'none',
      tier: 'light',
      query: z.object({
        from: z.coerce.number().optional().meta({ description: 'UTC ms; a day before `to`.' }),
        to: z.coerce.number().optional().meta({ description: 'UTC ms; now.' }),
        target: z.string().max(160).optional().meta({ description: 'Of this one, and those of everything.' }),
      }),
      success: z.object({ markers: z.array(SeriesMarker) }),
      faults: [],
      handle: async ({ query }) => {
        const to = query.to ?? now();
        const from = query.from ?? to - dayMs;
        const markers: SeriesMarker[] = [];
        let afterSeq = 0;
        for (let page = 0; page < maxPages; page += 1) {
          const found = await events.read({ afterSeq, limit: pageSize, types: told });
          for (const marker of found.flatMap(markerOf)) {
            const mine = query.target === undefined || marker.target === '' || marker.target === query.target;
            if (mine && marker.from >= from && marker.from <= to) markers.push(marker);
          }
          const last = found.at(-1);
          if (!last || found.length < pageSize) break;
          afterSeq = last.seq;
        }
        return { markers: markers.toSorted((a, b) => a.from - b.from) };
      },
    }),
  ];
}
