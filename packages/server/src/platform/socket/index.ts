export { createFrame, frameBytes, joinFrames, type FrameParts } from './frame.ts';
export { createGather, type Gather } from './gather.ts';
export { type Frame, type Outlet, type OutletBudget, outletBudget, overBudget } from './outlet.ts';
export { socketIoOutlet } from './socket-io-outlet.ts';
export { attachSocketIo, type SocketIoOptions } from './socket-io-server.ts';
export { createTail, type Line, type Tail } from './tail.ts';
export { writtenOnce } from './written-once.ts';
export { wsOutlet } from './ws-outlet.ts';
export { attachWs, type WsOptions } from './ws-server.ts';
