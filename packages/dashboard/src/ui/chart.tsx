import { useEffect, useRef, type KeyboardEvent } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { isUnknown } from '../format/number.ts';
import { useTheme } from '../shell/theme.ts';

/** A marked span, or a moment where both ends are one. UTC seconds. */
export interface ChartMarker {
  from: number;
  to: number;
  color: string;
  /** Told under the cursor. */
  title: string;
}

export interface ChartProps {
  /** What it shows, in words: the canvas says nothing to a screen reader. */
  label: string;
  /** UTC seconds. */
  x: number[];
  /** `told` is what the tooltip says where the drawn value is another one, as in a stack. */
  series: { label: string; values: (number | null)[]; told?: (number | null)[]; color: string }[];
  format: (value: number) => string;
  kind: 'line' | 'bars';
  /** Seconds that a bar stands for; an hour where it is not said. */
  bucketS?: number;
  height?: number;
  /** Charts of one name share their cursor: what is pointed at in one is told by all. */
  sync?: string;
  /** From and to, UTC seconds, where it is not the data that decides. */
  range?: [number, number];
  /** What happened meanwhile; a custom property as colour. */
  markers?: readonly ChartMarker[];
  /** Highest value of the scale, where it is known. */
  top?: number | undefined;
  /** What the scale steps in: bytes in powers of two, as they are written; counts in whole numbers. Else as it fits. */
  steps?: keyof typeof scaleSteps | undefined;
}

const scaleSteps = {
  bytes: Array.from({ length: 40 }, (_, at) => 2 ** (at + 10)),
  count: Array.from({ length: 15 }, (_, at) => [1, 2, 5].map((step) => step * 10 ** at)).flat(),
};

/** More at one moment would hide the chart. */
const markersTold = 3;

/** A custom property as the colour it stands for here: the canvas knows no variables. */
function resolve(element: Element, variable: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${variable})`;
  element.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

/** The time under the cursor, as exact as what is drawn. Days are UTC days. */
function whenOf({ kind, bucketS, range }: ChartProps, at: number): string {
  const date = new Date(at * 1000);
  if (range && range[1] - range[0] > 86_400 && (bucketS ?? 0) < 86_400)
    return date.toLocaleString('en-GB', {
      day: 'numeric',
      month: 'short',
      hour: '2-digit',
      minute: '2-digit',
    });
  if (bucketS !== undefined && bucketS >= 86_400)
    return date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
  return date.toLocaleTimeString('en-GB', {
    hour: '2-digit',
    minute: '2-digit',
    ...(kind === 'line' ? { second: '2-digit' as const } : {}),
  });
}

/** Moves the cursor of a chart and of all that share it, as a pointer would; its third argument is in no type. */
const moveCursor = (
  u: uPlot & { setCursor(at: object, fire: boolean, share: boolean): void },
  left: number,
) => u.setCursor({ left, top: left < 0 ? -10 : 10 }, true, true);

/** Nothing but zeros and gaps: then a scale would be made up. */
const isEmpty = (u: uPlot): boolean => u.series.slice(1).every((series) => !series.max);

/** Marked spans lie behind the lines, with a foot that is seen however short they are. */
function drawMarkers(u: uPlot, element: HTMLElement, markers: NonNullable<ChartProps['markers']>): void {
  const { ctx, bbox } = u;
  ctx.save();
  for (const { from, to, color } of markers) {
    const left = Math.max(bbox.left, u.valToPos(from, 'x', true));
    const right = Math.min(bbox.left + bbox.width, u.valToPos(to, 'x', true));
    if (right < bbox.left || left > bbox.left + bbox.width) continue;
    const width = Math.max(2 * devicePixelRatio, right - left);
    ctx.fillStyle = resolve(element, color);
    ctx.globalAlpha = 0.1;
    ctx.fillRect(left, bbox.top, width, bbox.height);
    ctx.globalAlpha = 0.9;
    ctx.fillRect(left, bbox.top + bbox.height - 3 * devicePixelRatio, width, 3 * devicePixelRatio);
  }
  ctx.restore();
}

function options(
  element: HTMLElement,
  props: ChartProps,
  width: number,
  latest: { current: ChartProps },
): uPlot.Options {
  const text = resolve(element, '--text-3');
  const grid = resolve(element, '--line');
  const font = `11px ${getComputedStyle(element).fontFamily}`;
  const barS = props.bucketS ?? 3600;
  const bars = uPlot.paths.bars?.({ size: [0.7, 28], radius: 0.12 });
  return {
    width,
    height: props.height ?? 150,
    padding: [8, 16, 0, 0],
    legend: { show: false },
    cursor: {
      y: false,
      points: { size: 6 },
      drag: { x: false, y: false },
      ...(props.sync ? { sync: { key: props.sync } } : {}),
    },
    // Bars need half a bar of room at both ends.
    scales: {
      ...(props.kind === 'bars'
        ? {
            x: {
              range: (_u: uPlot, min: number, max: number): uPlot.Range.MinMax => [
                min - barS / 2,
                max + barS / 2,
              ],
            },
          }
        : props.range
          ? {
              x: {
                range: (_u: uPlot, min: number, max: number): uPlot.Range.MinMax =>
                  latest.current.range ?? [min, max],
              },
            }
          : {}),
      y: { range: (_u, _min, max) => [0, props.top ?? (max > 0 ? max * 1.12 : 1)] },
    },
    axes: [
      {
        stroke: text,
        font,
        grid: { show: false },
        ticks: { show: false },
        size: 26,
        space: 72,
        values: [
          [86_400, '{D} {MMM}', null, null, null, null, null, null, 1],
          [3600, '{HH}:00', null, null, null, null, null, null, 1],
          [60, '{HH}:{mm}', null, null, null, null, null, null, 1],
          [1, '{HH}:{mm}:{ss}', null, null, null, null, null, null, 1],
        ],
      },
      {
        stroke: text,
        font,
        grid: { stroke: grid, width: 1 },
        ticks: { show: false },
        size: 62,
        space: 36,
        ...(props.steps ? { incrs: scaleSteps[props.steps] } : {}),
        values: (u, splits) => splits.map((value) => (value === 0 || isEmpty(u) ? '' : props.format(value))),
      },
    ],
    series: [
      {},
      ...props.series.map((each): uPlot.Series => {
        const color = resolve(element, each.color);
        return {
          label: each.label,
          stroke: color,
          width: props.kind === 'line' ? 1.5 : 0,
          points: { show: false },
          spanGaps: false,
          ...(props.kind === 'bars' ? { fill: color, ...(bars ? { paths: bars } : {}) } : {}),
        };
      }),
    ],
  };
}

/** uPlot with our tokens: resized with its box, redrawn when the theme changes, with a tooltip of its own. */
export function Chart(props: ChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const tip = useRef<HTMLDivElement>(null);
  const said = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const { dark } = useTheme();
  const shape = `${props.sync}:${props.top}:${props.kind}:${props.series.map((each) => each.label).join()}:${props.height}:${props.bucketS}`;

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const onCursor = (u: uPlot): void => {
      const { idx, left } = u.cursor;
      const bubble = tip.current;
      if (!bubble) return;
      const at = isUnknown(idx) ? undefined : latest.current.x[idx];
      if (isUnknown(idx) || at === undefined || left === undefined || left < 0) {
        bubble.hidden = true;
        return;
      }
      const when = whenOf(latest.current, at);
      const values = latest.current.series.flatMap((each) => {
        const value = (each.told ?? each.values)[idx];
        // A layer that adds nothing here says nothing here.
        if (each.told && value === 0) return [];
        return `${each.label} ${isUnknown(value) ? '—' : latest.current.format(value)}`;
      });
      const near = (latest.current.bucketS ?? 0) / 2;
      const marked = (latest.current.markers ?? [])
        .filter(({ from, to }) => from - near <= at && at <= to + near)
        .slice(0, markersTold)
        .map(({ title }) => title.slice(0, 80));
      bubble.textContent = [when, ...values, ...marked].join('\n');
      bubble.hidden = false;
      const x = u.bbox.left / devicePixelRatio + left;
      bubble.style.left = `${Math.round(Math.min(Math.max(x + 10, 0), element.clientWidth - bubble.offsetWidth))}px`;
    };
    const { x, series } = latest.current;
    const made = new uPlot(
      {
        ...options(element, latest.current, element.clientWidth || 300, latest),
        hooks: {
          setCursor: [onCursor],
          drawClear: [(u) => drawMarkers(u, element, latest.current.markers ?? [])],
        },
      },
      [x, ...series.map((each) => each.values)],
      element,
    );
    plot.current = made;
    const observer = new ResizeObserver(() =>
      made.setSize({ width: element.clientWidth, height: made.height }),
    );
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [dark, shape]);

  useEffect(() => {
    plot.current?.setData([props.x, ...props.series.map((each) => each.values)]);
  }, [props.x, props.series]);

  useEffect(() => {
    plot.current?.redraw(false);
  }, [props.markers]);

  /** The arrow keys walk along the line; what is there is told. */
  const onKeyDown = (event: KeyboardEvent): void => {
    const u = plot.current;
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!u || step === undefined) return;
    event.preventDefault();
    const count = latest.current.x.length;
    const before = isUnknown(u.cursor.idx) ? (step > 0 ? -1 : count) : u.cursor.idx;
    const idx = Math.min(count - 1, Math.max(0, before + step));
    const at = latest.current.x[idx];
    if (at === undefined) return;
    moveCursor(u, u.valToPos(at, 'x'));
    if (said.current) said.current.textContent = tip.current?.textContent ?? '';
  };

  return (
    <div className="relative">
      <div
        role="img"
        aria-label={props.label}
        className="pointer-events-none absolute inset-0 rounded-md"
        {...(props.sync
          ? { tabIndex: 0, onKeyDown, onBlur: () => plot.current && moveCursor(plot.current, -10) }
          : {})}
      />
      <div ref={said} role="status" className="sr-only" />
      <div ref={box} aria-hidden style={{ height: props.height ?? 150 }} />
      <div
        ref={tip}
        hidden
        aria-hidden
        className="num pointer-events-none absolute top-1 rounded-md bg-raised px-2 py-1 text-sm whitespace-pre shadow-float"
      />
    </div>
  );
}
