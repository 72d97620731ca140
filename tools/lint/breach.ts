/** A place where a house rule is broken. */
export interface Breach {
  path: string;
  line: number;
  rule: string;
  message: string;
}
