/** Removes secrets from JSON text; the same text where there are none. */
export type CleanJson = (json: string) => string;

/** Plain data without secrets; the very same where it has none. */
export function cleanData<T extends object>(clean: CleanJson, data: T): T {
  const json = JSON.stringify(data);
  const cleaned = clean(json);
  return cleaned === json ? data : (JSON.parse(cleaned) as T);
}
