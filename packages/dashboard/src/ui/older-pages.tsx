import { Button } from './button.tsx';

interface Pages {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage(): Promise<unknown>;
}

/** The way to older pages, below the last row of a list; nothing where there are none. */
export function OlderPages({ query, children }: { query: Pages; children: string }) {
  if (!query.hasNextPage) return null;
  return (
    <div className="grid place-items-center p-4">
      <Button disabled={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
        {query.isFetchingNextPage ? 'Loading…' : children}
      </Button>
    </div>
  );
}
