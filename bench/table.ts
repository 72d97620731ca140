/** One figure beside its target. */
export interface Row {
  title: string;
  measured: number;
  target: string;
  met: boolean;
  detail: string;
}

/** The table as Markdown. */
export function markdownTable(rows: readonly Row[]): string {
  const lines = rows.map(
    (row) =>
      `| ${row.title} | ${row.measured.toFixed(3)} | ${row.target} | ${row.met ? 'yes' : '**no**'} | ${row.detail} |`,
  );
  return ['| figure | measured | target | met | detail |', '| --- | --- | --- | --- | --- |', ...lines].join(
    '\n',
  );
}
