export { createFrame, type FrameParts } from './frame.ts';
export { type Frame, type Outlet, type OutletBudget, outletBudget, overBudget } from './outlet.ts';
export { socketIoOutlet } from './socket-io-outlet.ts';
export { attachSocketIo, type SocketIoOptions } from './socket-io-server.ts';
export { createTail, type Page, type Tail } from './tail.ts';
export { wsOutlet } from './ws-outlet.ts';
export { attachWs, type WsOptions } from './ws-server.ts';
