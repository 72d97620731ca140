/** What was seen when something was done, for the session log. */
export type Evidence = Record<string, unknown>;

/** What an agent's own protocol offers for turns; everything else is the keeper's. All of it may throw. */
export interface TurnDriver {
  /** Begins a turn. Resolves when the agent has taken it. */
  start(text: string): Promise<Evidence>;
  /** Says something into the running turn; null: there is none that could take it. */
  steer: ((text: string) => Promise<Evidence | null>) | null;
  /** Asks the running turn to end. That it has is told to the keeper by `ended`. */
  interrupt(): Promise<void>;
  /** Ends what the agent lets run beside its turns. */
  clear(): Promise<Evidence>;
  /**
   * Goes on from an earlier place of a conversation, of this one where none is named; null: it cannot.
   * @param position null: from its beginning
   */
  rewind: ((position: string | null, conversation: string | null) => Promise<Evidence>) | null;
}

export type TurnEnd = 'completed' | 'interrupted' | 'failed';
