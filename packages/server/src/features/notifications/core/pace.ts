/** Wait before the next try of a delivery: 5, 10, 20 … at most 600 s; longer where the service asks for it, at most an hour. */
export function retryWait(attempts: number, askedMs: number | undefined): number {
  const own = Math.min(600_000, 5000 * 2 ** Math.min(20, Math.max(0, attempts - 1)));
  return Math.max(own, Math.min(askedMs ?? 0, 3_600_000));
}

export interface Bucket {
  tokens: number;
  at: number;
}

/** A bucket that refills evenly. `null` from `take`: one was taken; otherwise how long to wait, ms. */
export function take(bucket: Bucket, perMinute: number, now: number): number | null {
  const size = Math.max(1, Math.min(perMinute, 10));
  bucket.tokens = Math.min(size, bucket.tokens + (Math.max(0, now - bucket.at) * perMinute) / 60_000);
  bucket.at = now;
  if (bucket.tokens >= 1) {
    bucket.tokens -= 1;
    return null;
  }
  return Math.ceil(((1 - bucket.tokens) * 60_000) / perMinute);
}
