/** What a turn said, in the four places it was said. Texts are as they went over the wire; headers are never kept. */
export interface TurnContent {
  /** The client's body. */
  request: string;
  /** The body that was sent to the provider last; null where it is the client's own. */
  sent: string | null;
  /** The path it was sent to, below the provider's address. */
  path: string;
  /** The provider's last answer. */
  received: { status: number; body: string } | null;
  /** What the client was answered. */
  answered: string;
  /** Some of it was longer than is kept. */
  cut: boolean;
}
