import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { WebFormat, WebPage } from '@vigiles/contract';
import { useState } from 'react';
import { ApiError } from '../../data/api.ts';
import { fetchPage } from '../../data/web.ts';
import { formatCount } from '../../format/number.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Disclosure } from '../../ui/disclosure.tsx';
import { CheckField, SelectField, TextField } from '../../ui/field.tsx';

const formats = [
  { id: 'text', label: 'Text, as a reader sees it' },
  { id: 'markdown', label: 'Markdown, the article alone' },
  { id: 'html', label: 'HTML, as it came' },
  { id: 'json', label: 'JSON, checked' },
];
/** More is not read here; whoever needs it asks the API. */
const SHOWN = 20_000;

function References({ label, all }: { label: string; all: WebPage['links'] }) {
  if (all.length === 0) return null;
  return (
    <Disclosure
      summary={`${label}: ${formatCount(all.length)}`}
      className="min-h-6 cursor-pointer rounded-sm text-sm text-text-2"
    >
      <ul className="mt-1 max-h-60 overflow-y-auto">
        {all.slice(0, 100).map(({ url, text }) => (
          <li key={`${url} ${text}`} className="py-0.5 text-sm">
            <span className="break-words">{text || 'without words'}</span>{' '}
            <code className="font-mono text-xs break-all text-text-3">{url}</code>
          </li>
        ))}
      </ul>
    </Disclosure>
  );
}

/** What came back. Everything in it was written by others and stays text. */
function Result({ page }: { page: WebPage }) {
  const text = page.content.slice(0, SHOWN);
  return (
    <div className="flex min-w-0 flex-col gap-3">
      <div className="flex flex-wrap items-center gap-2">
        <Badge className={page.success ? '' : 'bg-bad-soft text-bad'}>{page.status_code}</Badge>
        {page.cached && <Badge>Out of the cache</Badge>}
        <span className="text-sm text-text-3">
          {page.content_type ?? 'no type'}, <span className="num">{Math.round(page.fetch_time_ms)} ms</span>
        </span>
      </div>
      {page.title && <h3 className="text-lg font-semibold break-words">{page.title}</h3>}
      <p className="font-mono text-xs break-all text-text-3">{page.url}</p>
      {page.error && <p className="text-warn">{page.error}</p>}
      <pre
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls: the keyboard has to reach it
        tabIndex={0}
        role="region"
        aria-label="What came back"
        className="max-h-[52vh] overflow-auto rounded-md border border-line bg-sunken p-3 font-mono text-xs whitespace-pre-wrap [overflow-wrap:anywhere]"
      >
        {text || 'Nothing.'}
      </pre>
      {page.content.length > SHOWN && (
        <p className="text-sm text-text-3">
          The first {formatCount(SHOWN)} of {formatCount(page.content.length)} characters.
        </p>
      )}
      <References label="Links" all={page.links} />
      <References label="Images" all={page.images} />
    </div>
  );
}

/** Fetches a page as an agent would get it, through the guarded way out. */
export function TryFetch() {
  const client = useQueryClient();
  const [url, setUrl] = useState('');
  const [format, setFormat] = useState<WebFormat>('text');
  const [options, setOptions] = useState({
    include_links: false,
    include_images: false,
    respect_robots: false,
    cache: true,
  });
  const set = (key: keyof typeof options) => (on: boolean) =>
    setOptions((before) => ({ ...before, [key]: on }));
  const ask = useMutation({
    mutationFn: () => fetchPage({ url: url.trim(), options: { format, ...options } }),
    onSettled: () => client.invalidateQueries({ queryKey: ['web-cache'] }),
  });
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto flex max-w-[860px] flex-col gap-5 px-(--gutter) py-5">
        <form
          className="flex flex-col gap-3"
          onSubmit={(event) => {
            event.preventDefault();
            ask.mutate();
          }}
        >
          <div className="grid gap-3 sm:grid-cols-[minmax(0,1fr)_220px]">
            <TextField
              label="Address"
              value={url}
              onChange={setUrl}
              inputMode="url"
              placeholder="https://example.org/page"
              required
            />
            <SelectField
              label="As"
              value={format}
              onChange={(id) => setFormat(formats.some((one) => one.id === id) ? (id as WebFormat) : 'text')}
              choices={formats}
            />
          </div>
          <div className="flex flex-wrap items-center gap-x-5 gap-y-1">
            <CheckField label="List links" checked={options.include_links} onChange={set('include_links')} />
            <CheckField
              label="List images"
              checked={options.include_images}
              onChange={set('include_images')}
            />
            <CheckField
              label="Heed robots.txt"
              checked={options.respect_robots}
              onChange={set('respect_robots')}
            />
            <CheckField label="Use the cache" checked={options.cache} onChange={set('cache')} />
            <Button type="submit" variant="primary" size="md" className="ml-auto" disabled={ask.isPending}>
              {ask.isPending ? 'Fetching…' : 'Fetch'}
            </Button>
          </div>
        </form>
        {ask.isError && (
          <p role="alert" className="rounded-md bg-bad-soft px-3 py-2 break-words text-bad">
            {ask.error.message}
            {ask.error instanceof ApiError && (
              <code className="ml-2 font-mono text-xs">{ask.error.code}</code>
            )}
          </p>
        )}
        {ask.data && <Result page={ask.data} />}
      </div>
    </div>
  );
}
