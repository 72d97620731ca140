/** JSON-RPC 2.0, one message a line, both ways over one socket. No schema here: control checks what it reads. */
export interface RpcRequest {
  jsonrpc: '2.0';
  id: number;
  method: string;
  params: Record<string, unknown>;
}
export interface RpcNotice {
  jsonrpc: '2.0';
  method: string;
  params: Record<string, unknown>;
}
export type RpcAnswer =
  | { jsonrpc: '2.0'; id: number; result: unknown }
  | { jsonrpc: '2.0'; id: number; error: { code: number; message: string } };
export type RpcMessage = RpcRequest | RpcNotice | RpcAnswer;

/** What a plugin is started with: the first request on the line. */
export interface StartParams {
  /** URL of its main module. */
  main: string;
  dataFolder: string;
  processes: boolean;
}
