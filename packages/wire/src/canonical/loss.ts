/** Something the target protocol cannot express. Logged with the turn, never silent. */
export interface Loss {
  /** Where it stood in the canonical request or answer: `tools[3]`, `messages[7].parts[0]`, `temperature`. */
  path: string;
  /** What it was, in a few words: `hosted tool web_search`. */
  what: string;
  /** Why it could not be carried: `Chat Completions has no hosted tools`. */
  why: string;
}
