import { useQuery } from '@tanstack/react-query';
import type { SeriesMarker } from '@vigiles/contract';
import { markersQuery } from '../../data/marker-queries.ts';
import { markerFace, markersIn } from './marker-face.ts';
import type { HistorySpan } from './span.ts';

/** What the charts are marked with in this span, and how often; nothing where nothing happened. */
export function MarkerLegend({ service, span }: { service: string | null; span: HistorySpan }) {
  const { data = [] } = useQuery(markersQuery(service));
  const to = span.to ?? Date.now();
  const from = span.from ?? to - span.lengthMs;
  const rows = (Object.keys(markerFace) as SeriesMarker['kind'][]).flatMap((kind) => {
    const count = markersIn(
      data.filter((marker) => marker.kind === kind),
      from,
      to,
    ).length;
    return count > 0 ? [{ kind, count, ...markerFace[kind] }] : [];
  });
  if (rows.length === 0) return null;
  return (
    <ul aria-label="Marked in the charts" className="flex flex-wrap gap-x-4 gap-y-1 text-sm text-text-2">
      {rows.map(({ kind, label, color, count }) => (
        <li key={kind} className="inline-flex items-center gap-1.5">
          <span aria-hidden className="size-2 rounded-[2px]" style={{ background: `var(${color})` }} />
          {label} <span className="num text-text-3">{count}</span>
        </li>
      ))}
    </ul>
  );
}
