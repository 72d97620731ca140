import { connectRaw, type RawSocket } from './raw-socket.ts';

/**
 * A Socket.IO client that only cuts and parses: packets of Engine.IO and Socket.IO are said by hand. Subscribed when it
 * resolves; `heard` gets the names and arguments of events that follow.
 */
export async function subscribeRaw(
  { url, token }: { url: string; token: string },
  wish: object,
  heard: (name: string, argument: unknown) => void,
): Promise<RawSocket> {
  const subscribed = Promise.withResolvers<void>();
  const socket = await connectRaw(url, '/socket.io/?EIO=4&transport=websocket', token, (text, own) => {
    if (text.startsWith('0{')) own.say('40');
    else if (text === '2') own.say('3');
    else if (text.startsWith('42["connected')) own.say(`42${JSON.stringify(['subscribe', wish])}`);
    else if (text.startsWith('42["subscribed')) subscribed.resolve();
    else if (text.startsWith('42')) heard(...(JSON.parse(text.slice(2)) as [string, unknown]));
  });
  await subscribed.promise;
  return socket;
}
