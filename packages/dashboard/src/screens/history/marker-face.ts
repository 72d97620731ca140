import type { SeriesMarker } from '@vigiles/contract';

/** How each kind of marker is drawn and called; the order is that of the legend. */
export const markerFace: Record<SeriesMarker['kind'], { label: string; color: string }> = {
  incident: { label: 'Incident', color: '--bad-fill' },
  maintenance: { label: 'Maintenance', color: '--warn-fill' },
  action: { label: 'Action', color: '--busy-fill' },
  deploy: { label: 'Configuration changed', color: '--layer-3' },
  start: { label: 'Vigiles started', color: '--idle-fill' },
};

/** Markers that lie in a span, in the words of the chart: UTC seconds. */
export const markersIn = (markers: readonly SeriesMarker[], from: number, to: number) =>
  markers
    .filter(
      (marker) => marker.from <= to && (marker.to ?? (marker.kind === 'incident' ? to : marker.from)) >= from,
    )
    .map((marker) => ({
      from: marker.from / 1000,
      // Only an incident without an end goes on; anything else without one is a moment.
      to: (marker.to ?? (marker.kind === 'incident' ? Math.min(to, Date.now()) : marker.from)) / 1000,
      color: markerFace[marker.kind].color,
      title: `${markerFace[marker.kind].label}: ${marker.title}`,
    }));
