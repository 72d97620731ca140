import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { isUnknown } from '../format/number.ts';
import { useTheme } from '../shell/theme.ts';

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
}

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
function whenOf({ kind, bucketS }: ChartProps, at: number): string {
  const date = new Date(at * 1000);
  if (bucketS === 86_400)
    return date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
  return date.toLocaleTimeString('en-GB', {
    hour: '2-digit',
    minute: '2-digit',
    ...(kind === 'line' ? { second: '2-digit' as const } : {}),
  });
}

/** Nothing but zeros and gaps: then a scale would be made up. */
const isEmpty = (u: uPlot): boolean => u.series.slice(1).every((series) => !series.max);

function options(element: HTMLElement, props: ChartProps, width: number): uPlot.Options {
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
    cursor: { y: false, points: { size: 6 }, drag: { x: false, y: false } },
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
        : {}),
      y: { range: (_u, _min, max) => [0, max > 0 ? max * 1.12 : 1] },
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
  const plot = useRef<uPlot | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const { dark } = useTheme();
  const shape = `${props.kind}:${props.series.map((each) => each.label).join()}:${props.height}:${props.bucketS}`;

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
      bubble.textContent = [when, ...values].join('\n');
      bubble.hidden = false;
      const x = u.bbox.left / devicePixelRatio + left;
      bubble.style.left = `${Math.round(Math.min(Math.max(x + 10, 0), element.clientWidth - bubble.offsetWidth))}px`;
    };
    const { x, series } = latest.current;
    const made = new uPlot(
      { ...options(element, latest.current, element.clientWidth || 300), hooks: { setCursor: [onCursor] } },
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

  return (
    <div className="relative" role="img" aria-label={props.label}>
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
