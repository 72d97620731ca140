/** A plain WebSocket message for a feature, as its Socket.IO client would have sent it. */
export interface WsCall {
  name: string;
  payload: Record<string, unknown>;
  /** Comes back with the answer; null where none was given. */
  id: string | number | null;
}

type Message = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Longest `id` that is sent back. */
const maxId = 200;

function idOf({ id }: Message): WsCall['id'] {
  if (typeof id === 'number' && Number.isFinite(id)) return id;
  return typeof id === 'string' && id !== '' && id.length <= maxId ? id : null;
}

/**
 * Reads `{type, id?, payload}`; without `payload` the message itself is it. A command's own `type` would be the
 * message's: there it is `command_type`.
 */
export function wsCall(message: Message): WsCall {
  const { type, id: _id, payload, ...rest } = message;
  const { command_type: commandType, ...flat } = rest;
  const own = isObject(payload) ? payload : commandType === undefined ? rest : { ...flat, type: commandType };
  return { name: String(type), payload: own, id: idOf(message) };
}
