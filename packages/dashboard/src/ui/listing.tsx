import type { ReactNode } from 'react';
import { ErrorState } from './error-state.tsx';
import { SkeletonRows } from './skeleton.tsx';

interface Asked {
  isError: boolean;
  isPending: boolean;
  error: unknown;
  refetch(): Promise<unknown>;
}

interface ListingProps {
  query: Asked;
  /** How many rows there are; those of before stay while a new question fails. */
  count: number;
  /** What could not be loaded: “Mail”. */
  what: string;
  empty: ReactNode;
  children: ReactNode;
}

/** A list in all its states: it could not be loaded, it is on its way, there is nothing in it, and here it is. */
export function Listing({ query, count, what, empty, children }: ListingProps) {
  if (query.isError && count === 0)
    return <ErrorState error={query.error} what={what} retry={() => void query.refetch()} />;
  if (query.isPending) return <SkeletonRows rows={8} />;
  return count === 0 ? empty : children;
}
