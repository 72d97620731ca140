import { createColumnHelper, tableFeatures, useTable } from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown, ArrowUp } from 'lucide-react';
import {
  memo,
  useEffect,
  useRef,
  type CSSProperties,
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
} from 'react';
import { cx } from './cx.ts';
import { useCompact } from './use-media.ts';

const features = tableFeatures({});
type Features = typeof features;

/** A column. `width` is a CSS grid track; `sort` is its key in the URL. */
export interface Column<Row extends object> {
  id: string;
  header: string;
  width: string;
  align?: 'end';
  sort?: string;
  /** Hidden while the table is narrower than this container width. */
  from?: 'sm' | 'md' | 'lg' | 'xl';
  cell: (row: Row) => ReactNode;
}

interface VirtualTableProps<Row extends object> {
  label: string;
  columns: Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  /** The row on a phone: two lines of the same facts. */
  compact: (row: Row) => ReactNode;
  selected?: string | undefined;
  sort?: { key: string; descending: boolean };
  onSort?: (key: string) => void;
  /** Shown after the last row: the way to older pages. */
  footer?: ReactNode;
  rowHeight?: number;
  /** When it changes, other rows are meant: begin at the top. */
  resetKey?: string;
  /** The height it may take; by default what its parent leaves. */
  className?: string;
}

const shownFrom = {
  sm: 'hidden @[560px]:flex',
  md: 'hidden @[760px]:flex',
  lg: 'hidden @[980px]:flex',
  xl: 'hidden @[1180px]:flex',
} as const;

/** The grid of each container width (see `.vt-row`): a hidden cell must take its track with it. */
function gridTracks(columns: readonly Pick<Column<object>, 'width' | 'from'>[]): CSSProperties {
  const upTo = (...shown: (string | undefined)[]): string =>
    columns
      .filter((column) => shown.includes(column.from))
      .map((column) => column.width)
      .join(' ');
  return {
    '--cols': upTo(undefined),
    '--cols-sm': upTo(undefined, 'sm'),
    '--cols-md': upTo(undefined, 'sm', 'md'),
    '--cols-lg': upTo(undefined, 'sm', 'md', 'lg'),
    '--cols-xl': upTo(undefined, 'sm', 'md', 'lg', 'xl'),
  } as CSSProperties;
}

/** Arrow keys move between the rows' own links; the browser scrolls them into view. */
function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  if (step === 0 || event.metaKey || event.ctrlKey || event.altKey) return;
  const links = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-row-link]')];
  const at = links.indexOf(document.activeElement as HTMLElement);
  const next = links[at < 0 ? 0 : at + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

/** What has a tooltip lies above the row's link: a click on it means the row, too. */
function openRow({ target }: MouseEvent<HTMLElement>): void {
  if (!(target instanceof Element) || target.closest('a, button, input, select, label')) return;
  // Somebody marks text.
  if (getSelection()?.isCollapsed === false) return;
  target.closest('[role="row"]')?.querySelector<HTMLElement>('[data-row-link]')?.click();
}

const Cells = memo(function Cells({ cells, row }: { cells: Column<object>[]; row: object }) {
  return cells.map((column) => (
    <div
      key={column.id}
      role="cell"
      className={cx(
        'flex min-w-0 items-center',
        column.align === 'end' && 'num justify-end text-right',
        column.from && shownFrom[column.from],
      )}
    >
      {column.cell(row)}
    </div>
  ));
});

/** A table of any length: only the rows in view exist. Rows that did not change do not render. */
export function VirtualTable<Row extends object>(props: VirtualTableProps<Row>) {
  const { label, columns, rows, rowKey, compact, selected, sort, onSort, footer, className } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const small = useCompact();
  const height = small ? 64 : (props.rowHeight ?? 38);
  const helper = createColumnHelper<Features, Row>();
  const table = useTable<Features, Row>({
    features,
    columns: columns.map((column) => helper.display({ id: column.id, header: column.header })),
    data: rows,
    getRowId: rowKey,
  });
  const model = table.getRowModel().rows;
  useEffect(() => {
    // In braces: where scrollTo answers a promise, React would take it for a clean-up.
    scroller.current?.scrollTo({ top: 0 });
  }, [props.resetKey]);
  const virtual = useVirtualizer({
    count: model.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 10,
    getItemKey: (i) => model[i]?.id ?? i,
  });
  const tracks = gridTracks(columns);

  return (
    <div
      ref={scroller}
      className={cx('@container min-h-0 flex-1 scroll-pt-8 overflow-auto -outline-offset-2', className)}
      onKeyDown={moveFocus}
      onClick={openRow}
      // Scrolls with the keyboard even where no row has a link.
      role="region"
      aria-label={`${label}, list`}
      tabIndex={0}
    >
      <div role="table" aria-label={label} aria-rowcount={rows.length + 1} className="min-w-full">
        {/* The head stays for screen readers on a phone, where the rows say what each value is. */}
        <div
          role="rowgroup"
          className={small ? 'sr-only' : 'sticky top-0 z-10 border-b border-line bg-surface'}
        >
          <div role="row" aria-rowindex={1} className="vt-row h-8" style={tracks}>
            {columns.map((column) => {
              const active = sort && column.sort === sort.key;
              const Arrow = sort?.descending ? ArrowDown : ArrowUp;
              return (
                <div
                  key={column.id}
                  role="columnheader"
                  aria-sort={active ? (sort.descending ? 'descending' : 'ascending') : undefined}
                  className={cx(
                    'flex items-center text-sm whitespace-nowrap text-text-3',
                    column.align === 'end' && 'justify-end',
                    column.from && !small && shownFrom[column.from],
                  )}
                >
                  {column.sort && onSort ? (
                    <button
                      type="button"
                      className={cx(
                        'press -mx-1.5 inline-flex h-6 items-center gap-1 rounded-sm px-1.5 hover:text-text',
                        active && 'text-text',
                      )}
                      onClick={() => onSort(column.sort ?? column.id)}
                    >
                      {column.header}
                      {active && <Arrow aria-hidden size={12} />}
                    </button>
                  ) : (
                    column.header
                  )}
                </div>
              );
            })}
          </div>
        </div>
        <div role="rowgroup" className="relative" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const row = model[item.index];
            if (!row) return null;
            return (
              <div
                key={row.id}
                role="row"
                aria-rowindex={item.index + 2}
                aria-current={row.id === selected ? 'true' : undefined}
                className={cx(
                  'absolute inset-x-0 top-0 border-b border-line hover:bg-hover',
                  !small && 'vt-row',
                  row.id === selected && 'bg-selected hover:bg-selected',
                )}
                style={{ ...tracks, height: item.size, transform: `translateY(${item.start}px)` }}
              >
                {small ? (
                  <div role="cell" className="flex h-full flex-col justify-center gap-1 px-4">
                    {compact(row.original)}
                  </div>
                ) : (
                  <Cells cells={columns as unknown as Column<object>[]} row={row.original} />
                )}
              </div>
            );
          })}
        </div>
      </div>
      {footer}
    </div>
  );
}
